"""How each field is asked for: in a sentence, with an example."""

from datetime import timedelta

from handlers.components import count, limits
from handlers.ui import Ui
from panel import SERVICE_TYPES
from shop.ordering.fields import RANGES, link_example
from shop.ordering.placement import Form

# Whose user name is wanted depends on what is sold.
_USERNAMES = {
    "comment_likes": "ask-username-comment",
    "comment_replies": "ask-username-comment",
    "subscriptions": "ask-username-subscription",
}
_EXAMPLE_DAYS = 30


def asked(form: Form, ui: Ui) -> str:
    """Ask for the form's next step."""
    t = ui.t
    service, fields, step = form.service, form.draft.fields, form.step or ""
    row = SERVICE_TYPES[str(service.type)]
    key = f"ask-{step.replace('_', '-')}"
    if step == "username":
        key = _USERNAMES.get(row.key, key)
    values = {
        "example": link_example(service),
        "limits": limits(service.min, service.max, t),
        "price": ui.money(form.price or 0),
        "listed": ui.money(ui.prices.listed(service)),
        "quantity": count(int(fields.get("quantity") or 0), t),
        "runs": count(int(fields.get("runs") or 0), t),
    }
    if step == "max":
        values["limits"] = limits(int(fields["min"]), service.max, t)
    elif step in ("posts", "old_posts"):
        values["limits"] = limits(RANGES[step].least, RANGES[step].most, t)
        values["price"] = ui.money(ui.prices.of(service, int(fields["max"])))
    elif step == "answer_number":
        values["limits"] = limits(RANGES[step].least, RANGES[step].most, t)
    elif step == "expiry":
        values["example"] = f"{form.at + timedelta(days=_EXAMPLE_DAYS):%d/%m/%Y}"
    text = t(key, **values)
    if row.counted == step:
        each = ui.money(ui.prices.of(service, 1))
        text += "\n" + t("ask-lines-counted", limits=values["limits"], price=each)
    return text
