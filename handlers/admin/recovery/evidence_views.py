"""What was found out about an order, a short line each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from handlers.components import count, isolated, money, percentage, provider_money
from handlers.screens import truncate
from handlers.ui import Ui
from locales import Markup, Translator
from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.portions import PERCENT, Portion
from shop.recovery.triage import AttentionDetails
from storage.rows import Evidence

_SAID = 120
_SHOWN_ID = 40

# Why an id can't be the order's: shop.recovery.matching.Why and shop.recovery.id_check.
WHY = {
    "charge": "misfit-charge",
    "remains": "misfit-remains",
    "parts": "misfit-parts",
    "silent": "misfit-silent",
    "strange": "misfit-strange",
    "no_answer": "misfit-no-answer",
    "elsewhere": "misfit-elsewhere",
}
# What an admin has to have seen before anything else.
_TELLING = (
    EvidenceKind.VERDICT,
    EvidenceKind.REFUND,
    EvidenceKind.TAKEN_BACK,
    EvidenceKind.UNCLEAR,
    EvidenceKind.CANDIDATE,
    EvidenceKind.LATE,
    EvidenceKind.BALANCE,
    EvidenceKind.BUSY_LINK,
    EvidenceKind.CHECKED,
    EvidenceKind.MISSING,
    EvidenceKind.GAP,
)


_COUNTS = {"remains": "evidence-remains", "runs": "evidence-runs", "posts": "evidence-posts"}


@dataclass(frozen=True, slots=True)
class EvidenceFormat:
    """Whose words: the reader's language, the provider's currency, and the names of admins by
    id.
    """

    t: Translator
    currency: str
    names: Mapping[int, str]

    def money(self, amount: Any, currency: Any) -> str:
        """Write an amount of the provider's that stands as text in a payload."""
        try:
            value = Decimal(str(amount))
        except InvalidOperation:
            return "—"
        return (
            provider_money(value, str(currency or self.currency), self.t)
            if value.is_finite()
            else "—"
        )

    def who(self, one: Evidence) -> str:
        """Name the admin whose doing it is."""
        name = self.names.get(one.actor_id or 0)
        return isolated(truncate(name, 40)) if name else str(one.actor_id or "—")


def lines(sheet: AttentionDetails, ui: Ui, most: int) -> list[str]:
    """Return at most `most` lines: in the order of time where all fit, the telling ones
    otherwise.
    """
    found = _latest(sheet.evidence)
    if len(found) > most:
        found = sorted(found, key=_importance)[:most]
    return told(found, EvidenceFormat(ui.t, ui.provider_currency, sheet.names))


def speaking_for(sheet: AttentionDetails, ui: Ui) -> list[str]:
    """Return the lines that say that the order does exist at the provider."""
    found = [one for one in _latest(sheet.evidence) if _speaks_for(one)]
    return told(found, EvidenceFormat(ui.t, ui.provider_currency, sheet.names))


def told(found: Iterable[Evidence], words: EvidenceFormat) -> list[str]:
    return [line for one in found if one.kind in _LINES and (line := _LINES[one.kind](one, words))]


def facts(payload: Mapping[str, Any], words: EvidenceFormat) -> str:
    """Write what the provider says of an id: status, charge, remains."""
    t = words.t
    said = [truncate(isolated(str(payload["status"])), 40)] if payload.get("status") else []
    if payload.get("charge") is not None:
        said.append(
            t.plain(
                "evidence-charge", amount=words.money(payload["charge"], payload.get("currency"))
            )
        )
    elif payload.get("currency"):
        said.append(t.plain("evidence-foreign", currency=truncate(str(payload["currency"]), 16)))
    said += [
        t.plain(key, count=count(int(payload[name]), t))
        for name, key in _COUNTS.items()
        if payload.get(name) is not None
    ]
    return ", ".join(said) or "—"


def why(payload: Mapping[str, Any], t: Translator) -> str:
    """Return why an id can't be the order's."""
    if payload.get("why") == "taken":
        return t.plain("misfit-taken", order=str(payload.get("other", "—")))
    return t.plain(WHY.get(str(payload.get("why")), "misfit-silent"))


def portion_text(portion: Portion, t: Translator) -> str:
    """Write a portion of an order: 30 of 1,000, or 25 %."""
    if portion.of == PERCENT:
        return percentage(Decimal(portion.part), t)
    return t.plain("undelivered-portion", part=count(portion.part, t), of=count(portion.of, t))


def portion(payload: Mapping[str, Any], t: Translator) -> str:
    """Write what an admin said was not delivered."""
    return portion_text(Portion(int(payload.get("part", 0)), int(payload.get("of", PERCENT))), t)


def _latest(found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out what a later look has found again.

    What somebody did is no finding: all of it is shown.
    """
    deeds = (EvidenceKind.REFUND, EvidenceKind.TAKEN_BACK)
    latest = {
        (
            one.kind,
            one.id if one.kind in deeds else one.payload.get("id"),
            one.payload.get("order"),
        ): one
        for one in found
    }
    return sorted(latest.values(), key=lambda one: one.id)


def _importance(one: Evidence) -> int:
    if one.kind not in _TELLING:
        return len(_TELLING)
    return -1 if _speaks_for(one) else _TELLING.index(EvidenceKind(one.kind))


def _speaks_for(one: Evidence) -> bool:
    payload = one.payload
    return (
        (one.kind == EvidenceKind.CANDIDATE and bool(payload.get("fits")))
        or (one.kind == EvidenceKind.BALANCE and payload.get("speaks") == "for")
        or one.kind == EvidenceKind.BUSY_LINK
        or (one.kind == EvidenceKind.LATE and bool(payload.get("id")))
        or (one.kind == EvidenceKind.CHECKED and bool(payload.get("fits")))
    )


def _id(one: Evidence) -> str:
    return truncate(str(one.payload.get("id") or "—"), _SHOWN_ID)


def _quoted(one: Evidence, *names: str) -> str:
    said = ": ".join(str(one.payload[name]) for name in names if one.payload.get(name))
    return truncate(isolated(said), _SAID) if said else "—"


def _lost(one: Evidence, words: EvidenceFormat) -> str:
    return words.t("evidence-lost", said=_quoted(one, "reason", "said"))


def _balance(one: Evidence, words: EvidenceFormat) -> str:
    payload, t = one.payload, words.t
    before, after, expected = (
        words.money(payload.get(name), payload.get("currency"))
        for name in ("before", "after", "expected")
    )
    if payload.get("speaks") == "for":
        return t("evidence-balance-for", before=before, after=after, expected=expected)
    if payload.get("speaks") == "against":
        return t("evidence-balance-against", after=after, expected=expected)
    return t("evidence-balance-silent", before=before, after=after, expected=expected)


def _busy_link(one: Evidence, words: EvidenceFormat) -> str:
    return words.t("evidence-busy-link", order=str(one.payload.get("order", "—")))


_NOT_SEARCHED = {
    "nothing": "evidence-gap-nothing",
    "words": "evidence-gap-words",
    "disorder": "evidence-gap-disorder",
}


def _gap(one: Evidence, words: EvidenceFormat) -> str:
    payload, t = one.payload, words.t
    if not payload.get("asked"):
        return t(_NOT_SEARCHED.get(str(payload.get("why")), "evidence-gap-none"))
    values = {
        "first": str(payload.get("first") or "…"),
        "last": str(payload.get("last") or "…"),
        "asked": count(int(payload["asked"]), t),
        "ours": count(int(payload.get("ours") or 0), t),
    }
    if payload.get("complete"):
        return t("evidence-gap-all", **values)
    return t("evidence-gap-some", **values)


def _candidate(one: Evidence, words: EvidenceFormat) -> str:
    t, shown = words.t, facts(one.payload, words)
    if one.payload.get("fits"):
        return t("evidence-candidate-fits", id=_id(one), facts=shown)
    return t("evidence-candidate", id=_id(one), facts=shown, why=why(one.payload, t))


def _late(one: Evidence, words: EvidenceFormat) -> str:
    if one.payload.get("id"):
        return words.t("evidence-late-id", id=_id(one))
    return words.t("evidence-late", said=_quoted(one, "said"))


def _checked(one: Evidence, words: EvidenceFormat) -> str:
    t, who = words.t, words.who(one)
    if one.payload.get("fits") and one.payload.get("why") not in WHY:
        return t("evidence-checked-fits", who=who, id=_id(one), facts=facts(one.payload, words))
    return t("evidence-checked", who=who, id=_id(one), why=why(one.payload, t))


def _missing(one: Evidence, words: EvidenceFormat) -> str:
    return words.t("evidence-missing", id=_id(one), said=_quoted(one, "said"))


def _verdict(one: Evidence, words: EvidenceFormat) -> str:
    t = words.t
    if one.actor_id is None:
        return t("evidence-found", id=_id(one))
    if one.payload.get("exists"):
        return t("evidence-exists", who=words.who(one), id=_id(one))
    if one.payload.get("of"):
        return t("evidence-ended", who=words.who(one), portion=portion(one.payload, t))
    return t("evidence-exists-not", who=words.who(one))


def _amount(one: Evidence, name: str, t: Translator) -> str:
    """Write an amount of the shop's own; "—" where its order's customer was erased."""
    return (
        money(int(one.payload[name]), str(one.payload.get("currency") or ""), t)
        if name in one.payload
        else "—"
    )


def _unclear(one: Evidence, words: EvidenceFormat) -> str:
    return words.t("evidence-unclear", facts=facts(one.payload, words))


def _refund(one: Evidence, words: EvidenceFormat) -> str:
    t = words.t
    said = portion(one.payload, t) if "of" in one.payload else "—"
    return t("evidence-refund", who=words.who(one), portion=said, amount=_amount(one, "amount", t))


def _taken_back(one: Evidence, words: EvidenceFormat) -> str:
    t = words.t
    return t("evidence-taken-back", who=words.who(one), amount=_amount(one, "amount", t))


_LINES: Mapping[str, Callable[[Evidence, EvidenceFormat], str]] = {
    EvidenceKind.LOST: _lost,
    EvidenceKind.BALANCE: _balance,
    EvidenceKind.BUSY_LINK: _busy_link,
    EvidenceKind.GAP: _gap,
    EvidenceKind.CANDIDATE: _candidate,
    EvidenceKind.LATE: _late,
    EvidenceKind.CHECKED: _checked,
    EvidenceKind.MISSING: _missing,
    EvidenceKind.VERDICT: _verdict,
    EvidenceKind.UNCLEAR: _unclear,
    EvidenceKind.REFUND: _refund,
    EvidenceKind.TAKEN_BACK: _taken_back,
}


def listed(found: Sequence[str]) -> Markup:
    """Put lines that are HTML already under one another."""
    return Markup("\n".join(found))
