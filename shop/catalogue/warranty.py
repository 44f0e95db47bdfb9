"""For how long a service refills: what its name says, else its description, unless an admin has
said it.

Nobody gives the window as a field. Names have it in the catalogue's own shorthand (`R30`, `[R~90]`,
`AR30`, `NR`) or in words (`30 Days Refill`, `Lifetime Guaranteed`, `Bảo hành 2 tháng`, `без
гарантии`).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.errors import NotFoundError
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue
from storage.rows import Order, ServiceRow

FOREVER = 100_000  # days
PRESETS = (0, 7, 15, 30, 60, 90, 180, 365, FOREVER)

_LONGEST = 4_000  # characters that are read
_UNITS = {
    1: "days?|d|дн(?:ей|я|и)?|день|сут(?:ок|ки)|gün|ngày|d[ií]as?|jours?|tage?|hari|giorni|يوم|أيام",  # noqa: E501
    30: "months?|мес(?:яц\\w*)?|ay|tháng|mes(?:es)?|mois|monate?|bulan|mesi|شهر",
    365: "years?|yrs?|год(?:а)?|лет|yıl|năm|años?|anos?|ans?|jahre?|tahun|anni|سنة",
}
_SIGNS = {1: "天|日", 30: "个月", 365: "年"}  # of scripts that don't part words
_UNIT = "|".join(
    rf"(?P<u{days}>(?:{words})(?!\w)|{_SIGNS[days]})" for days, words in _UNITS.items()
)
_LENGTH = rf"(?P<count>\d{{1,4}})[ /-]?[ ]?(?:{_UNIT})"
_REFILL = (
    r"(?:auto[ -]?)?(?:re-?fill|guarant|garant|warrant|гарант|восстанов|докрут|telafi|bảo "
    r"hành|reposi|ضمان|تعويض"
    # where words are not parted, the length is in the same \w
    r"|保固|保证|补)\w{0,20}|(?<!\w)bh(?!\w)|♻"
)
_LIFE = (
    r"life[ -]?time|eternal|for life|ömür boyu|пожизнен\w*|навсегда|vital[ií]ci\w*|de por "
    r"vida|à vie|lebenslang\w*"
    r"|trọn đời|vĩnh viễn|seumur hidup|مدى الحياة|终身|永久|∞"
)
# What may stand between the two: anything longer belongs to another sentence.
_GAP = r"[ :~=*.+–-]{0,4}"
_AFTER = (
    rf"{_GAP}(?:(?:time|period|guarant[a-z]*+|warranty|button|limit|it|them|for|within|in|of|up "
    r"to|the|100%|на|в"
    rf"|течение|por|durante|de|até|trong|vòng){_GAP}){{0,3}}"
)
_BEFORE = rf"{_GAP}(?:(?:auto|free|button|full|of|de|real|100%){_GAP}){{0,2}}"

_SHORT = re.compile(
    r"(?<!\w)a?r[ ~:-]{0,2}(?P<count>\d{1,4})d?(?!\w)(?! ?%| ?/ "
    r"?(?:d|h|day|hr|hour|min)(?!\w)|[.,]\d)"
)
_LIFETIME = re.compile(rf"(?:{_LIFE}){_BEFORE}(?:{_REFILL})|(?:{_REFILL}){_AFTER}(?:{_LIFE})")
_LENGTHS = (
    re.compile(rf"(?<![\w./,-]){_LENGTH}{_BEFORE}(?:{_REFILL})"),
    re.compile(rf"(?:{_REFILL}){_AFTER}(?<![\w./,]){_LENGTH}"),
    re.compile(rf"(?:re-?fill){_GAP}(?P<count>\d{{2,3}})(?![\w%/])(?! ?%)"),
)
_NONE = re.compile(
    r"(?<!\w)(?:no|non|without|w/o|без|sem|sin|kein|keine|không|ko|k|tanpa|sans|senza|بدون|无|不)[ "
    r"-]?(?:any )?"
    rf"(?:{_REFILL})|(?<!\w)(?:nr|kbh)(?!\w)|(?:telafi|garanti)siz\w*"
    r"|(?:re-?fill|guarantee|warranty)[ :~=-]{1,4}(?:no(?!\w)|none|❌|⛔|✖)",
)
# "No refill if the page is private" is about something else.
_ONLY_IF = re.compile(
    r" ?[(,]? ?(?:if|when|for|after|in case|unless|until|below|under|on|если|при|nếu|si|se)(?!\w)"
)


def read_days(text: str) -> int | None:
    """Read the days of warranty in a text of any language; 0 is none, FOREVER for ever, None: it
    does not say.
    """
    said = _plain(text)
    nothing = any(not _ONLY_IF.match(said, match.end()) for match in _NONE.finditer(said))
    said = _NONE.sub(" | ", said)
    found = [FOREVER] if _LIFETIME.search(said) else []
    found += [int(match["count"]) for match in _SHORT.finditer(said)]
    found += [_length(match) for pattern in _LENGTHS for match in pattern.finditer(said)]
    if found:
        return min(max(found), FOREVER)
    return 0 if nothing else None


def _plain(text: str) -> str:
    lines = (
        unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().replace("\ufe0f", "").splitlines()
    )
    return "\n".join(" ".join(line.split()) for line in lines)


def _length(match: re.Match[str]) -> int:
    groups = match.groupdict()
    unit = next((days for days in _UNITS if groups.get(f"u{days}")), 1)
    return int(match["count"]) * unit


def warranty_days(service: ServiceRow) -> int | None:
    """Return for how many days after its completion an order of this service is refilled; None:
    nobody says.
    """
    if service.warranty_days is not None:
        return service.warranty_days
    return days_in_words(service)


def days_in_words(service: ServiceRow) -> int | None:
    """Read the name, then the description, whatever an admin has said."""
    by_name = read_days(service.name)
    return read_days(service.description) if by_name is None else by_name


def ends_at(order: Order, service: ServiceRow) -> datetime | None:
    """Return when the order's warranty ends; None where it doesn't, where nobody says, and before
    completion.
    """
    days = warranty_days(service)
    if days is None or days >= FOREVER or order.finished_at is None:
        return None
    return order.finished_at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Warranties:
    """What admins say about services."""

    database: Database

    async def set(self, service_id: int, days: int | None) -> None:
        """Let this many days count; None is what the service's own words say.

        Raises NotFoundError.
        """

        def transaction(tx: Transaction) -> None:
            if not catalogue.set_warranty(tx, service_id, days):
                raise NotFoundError("error-not-for-sale")

        await self.database.write(transaction)
