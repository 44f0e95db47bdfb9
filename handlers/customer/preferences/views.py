"""What somebody is told when, and by which clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from handlers.callbacks import Menu, SetClock, SetDigest, SetPushes, SetQuiet, SettingsPage
from handlers.screens import Row, Screen, button, keyboard
from locales import Translator
from storage.enums import Pushes
from storage.rows import User

NEVER = 24  # both ends of the quiet hours: there are none
_QUIET_HOURS = ((22, 8), (23, 7), (0, 8), (21, 9))
_DIGEST_HOURS = (9, 13, 18, 20, 21)
_DAY = 24 * 60
# Every clock on earth once: those a day apart show the same time.
_OFFSETS = (
    *range(-600, 0, 60),
    -570,
    -210,
    -150,
    *range(0, 840, 60),
    210,
    270,
    330,
    345,
    390,
    525,
    570,
    630,
    765,
    825,
)
_CLOCKS_A_ROW = 6
_BUTTONS: Mapping[str, str] = {
    Pushes.ENDS: "button-pushes-ends",
    Pushes.ALL: "button-pushes-all",
    Pushes.DIGEST: "button-pushes-digest",
}
_SENTENCES: Mapping[str, str] = {
    Pushes.ENDS: "settings-pushes-ends",
    Pushes.ALL: "settings-pushes-all",
}


def home(user: User, now: datetime, t: Translator) -> Screen:
    """Show all that is chosen, and the way to change each."""
    text = "\n".join([t("settings"), "", _pushes(user, t), _hours(user, t), _clock(user, now, t)])
    digest = user.pushes == Pushes.DIGEST
    return Screen(
        text,
        keyboard(
            [button(t.plain("button-pushes"), SettingsPage(page="pushes"))],
            [button(t.plain("button-digest-hour"), SettingsPage(page="digest"))] if digest else [],
            [
                button(t.plain("button-quiet"), SettingsPage(page="quiet")),
                button(t.plain("button-clock"), SettingsPage(page="clock")),
            ],
            [button(t.plain("button-language"), Menu(to="language"))],
            [button(t.plain("button-back"), Menu(to="home"))],
        ),
    )


def pushes(user: User, t: Translator) -> Screen:
    rows: list[Row] = [
        [_choice(t.plain(_BUTTONS[mode]), SetPushes(mode=mode), chosen=user.pushes == mode)]
        for mode in Pushes
    ]
    return Screen(t("settings-pushes"), keyboard(*rows, _back(t)))


def quiet(user: User, now: datetime, t: Translator) -> Screen:
    chosen = (user.quiet_from, user.quiet_until)
    choices = [
        _choice(
            f"{_hour(start)} – {_hour(end)}",
            SetQuiet(start=start, end=end),
            chosen=chosen == (start, end),
        )
        for start, end in _QUIET_HOURS
    ]
    never = _choice(
        t.plain("button-quiet-off"), SetQuiet(start=NEVER, end=NEVER), chosen=chosen == (None, None)
    )
    text = t("settings-quiet") + "\n\n" + _clock(user, now, t)
    return Screen(text, keyboard(choices[:2], choices[2:], [never], _back(t)))


def digest(user: User, now: datetime, t: Translator) -> Screen:
    choices = [
        _choice(_hour(hour), SetDigest(hour=hour), chosen=user.digest_hour == hour)
        for hour in _DIGEST_HOURS
    ]
    return Screen(t("settings-digest") + "\n\n" + _clock(user, now, t), keyboard(choices, _back(t)))


def clock(
    user: User, now: datetime, t: Translator, *, chosen: str = "", problem: str = ""
) -> Screen:
    """Ask what time it is; `chosen` is the key of what this is asked for, `problem` that of what
    was wrong.
    """
    ask = t(problem) if problem else t("clock-ask")
    known = "" if user.utc_offset is None else _clock(user, now, t)
    said = {"quiet": _hours, "digest": _pushes}.get(chosen)
    head = said(user, t) + "\n" + t("clock-needed") if said else known
    # Around the day from its beginning: everybody finds their own time without knowing its distance
    # from UTC.
    ordered = sorted(_OFFSETS, key=lambda offset: (now.hour * 60 + now.minute + offset) % _DAY)
    buttons = [_choice(_time(now, offset), SetClock(offset=offset + _DAY)) for offset in ordered]
    rows = [
        buttons[start : start + _CLOCKS_A_ROW] for start in range(0, len(buttons), _CLOCKS_A_ROW)
    ]
    return Screen("\n\n".join(filter(None, [head, ask])), keyboard(*rows, _back(t)))


def shown_time(user: User, now: datetime) -> str:
    return _time(now, user.utc_offset or 0)


def _pushes(user: User, t: Translator) -> str:
    if user.pushes == Pushes.DIGEST:
        return t("settings-pushes-digest", hour=_hour(user.digest_hour))
    return t(_SENTENCES[user.pushes])


def _hours(user: User, t: Translator) -> str:
    if user.quiet_from is None or user.quiet_until is None:
        return t("settings-quiet-off")
    return t("settings-quiet-on", start=_hour(user.quiet_from), end=_hour(user.quiet_until))


def _clock(user: User, now: datetime, t: Translator) -> str:
    """Return what time we believe it is there, so that a wrong clock is noticed."""
    if user.utc_offset is None:
        return t("settings-clock-unknown", time=_time(now, 0))
    return t("settings-clock", time=shown_time(user, now))


def _choice(label: str, data: CallbackData, *, chosen: bool = False) -> InlineKeyboardButton:
    return button(("✓ " if chosen else "") + label, data)


def _back(t: Translator) -> Row:
    return [button(t.plain("button-back"), SettingsPage(page="home"))]


def _hour(hour: int) -> str:
    return f"{hour}:00"


def _time(now: datetime, offset: int) -> str:
    return f"{now + timedelta(minutes=offset):%H:%M}"
