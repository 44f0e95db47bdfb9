"""The questions of an order: what is asked, what went wrong, and the ways on.

The summary is in summary.py.
"""

from collections.abc import Sequence

from handlers.callbacks import AnswerChoice, CancelDraft, Skip, StepBack
from handlers.components import count, isolated
from handlers.customer.ordering.questions import asked
from handlers.customer.ordering.suggestions import offers
from handlers.customer.ordering.summary import summary
from handlers.problems import problem_text
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from panel import SERVICE_TYPES
from shop.errors import ShopError
from shop.ordering.fields import Words
from shop.ordering.forms import OPTIONAL, Taken
from shop.ordering.placement import Form
from shop.payments.shortfall import Way

_TITLE = 120
# beside a question and a problem it still fits into a message, whatever the script
_DESCRIPTION = 1_000


def question(
    form: Form,
    ui: Ui,
    *,
    problem: ShopError | None = None,
    ways: Sequence[Way] = (),
) -> Screen:
    """Ask the form's next step, or show the summary.

    `problem` is said first, and the same is asked again.

    `ways`: how what the wallet lacks can be paid.
    """
    t = ui.t
    problem = problem or form.problem
    said = [
        problem_text(problem, t) if problem else "",
        taken_text(form.taken, t) if form.taken else "",
    ]
    if form.step is None:
        return summary(
            form,
            ui,
            said=said,
            ways=ways,
            ways_out=_ways_out(form, t),
            is_problem=problem is not None,
        )
    description = truncate(form.service.description, _DESCRIPTION)
    parts = [
        *said,
        t("form-title", service=isolated(truncate(form.service.name, _TITLE))),
        asked(form, ui),
        t("service-description", description=isolated(description)) if description else "",
    ]
    rows = offers(form, ui)
    return Screen(
        "\n\n".join(filter(None, parts)), keyboard(*rows, _skip(form, t), _ways_out(form, t))
    )


def taken_text(taken: Taken, t: Translator) -> str:
    """Return how many lines were taken, and what became of repeats."""
    text = t("lines-taken", count=taken.lines, shown=count(taken.lines, t))
    if taken.repeats:
        key = "lines-repeats-kept" if taken.kept else "lines-repeats-removed"
        text += "\n" + t(key, count=taken.repeats, shown=count(taken.repeats, t))
    return text


def choice_words(t: Translator) -> Words:
    """Return what choices are called in the reader's language."""
    choices = {
        field.name: field.choices
        for row in SERVICE_TYPES.values()
        for field in row.fields
        if field.choices
    }
    return {
        name: {t.plain(f"choice-{name}-{value}").casefold(): value for value, _ in values}
        for name, values in choices.items()
    }


def _skip(form: Form, t: Translator) -> Row:
    if form.step not in OPTIONAL:
        return []
    # A Skip pressed twice must not skip the next question too; where one follows, it is an answer
    # to this one.
    skip = (
        AnswerChoice(draft=form.draft.id, step="old_posts", value=0)
        if form.step == "old_posts"
        else None
    )
    return [button(t.plain("button-skip"), skip or Skip(draft=form.draft.id))]


def _ways_out(form: Form, t: Translator) -> Row:
    return [
        button(t.plain("button-back"), StepBack(draft=form.draft.id)),
        button(t.plain("button-cancel"), CancelDraft(draft=form.draft.id), "danger"),
    ]
