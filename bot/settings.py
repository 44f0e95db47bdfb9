"""The operator's settings, from the environment and `.env`.

The names are fixed: deployments rely on them.
"""

import hmac
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AnyHttpUrl,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.dotenv import SettingsError, encoding_of
from locales import languages
from shop.access import Billing
from shop.currencies import code_of
from shop.operations.provider_account import Changed
from shop.payments.top_ups import MOST_STARS
from storage.engine.address import read_address

_Ids = Annotated[frozenset[int], NoDecode]
_Patterns = Annotated[tuple[str, ...], NoDecode]
_Counts = Annotated[tuple[Annotated[int, Field(gt=0, le=MOST_STARS)], ...], NoDecode]
_Amounts = Annotated[
    tuple[Annotated[Decimal, Field(gt=0, le=1_000_000_000, decimal_places=6)], ...], NoDecode
]


class Settings(BaseSettings):
    """Every setting; the description is the README's and `.env.example`'s text."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    bot_token: SecretStr = Field(min_length=3, description="The bot's token, from @BotFather.")
    telegram_api_url: str = Field("https://api.telegram.org", description="Any Bot API server.")
    admin_ids: _Ids = Field(frozenset(), description="Telegram ids of the admins, comma separated.")
    allowed_user_ids: _Ids = Field(
        frozenset(),
        description="Who may use the shop besides the admins, comma separated. "
        "Empty: everybody (`wallet`), nobody (`house`).",
    )
    panel_url: str = Field(
        description="The provider's full API endpoint, such as https://provider.example/api/v2."
    )
    panel_key: SecretStr = Field(min_length=1, description="The provider's API key.")
    panel_changed: Changed = Field(
        Changed.NOTHING,
        description="Needed when PANEL_URL or PANEL_KEY lead to another account while "
        "orders are open. `follow`: the "
        "same account under a new address or key. `new`: another one; open orders wait in /triage.",
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///data/shop.db",
        description="SQLite, or PostgreSQL as "
        "postgresql+asyncpg://user:password@host/name; `?sslmode=require` and "
        "libpq's other parameters are understood. Write a % in a password or path as "
        "%25, an @ as %40.",
    )
    billing: Billing = Field(
        Billing.WALLET,
        description=(
            "`wallet`: customers prepay. `house`: the team orders from the operator's balance."
        ),
    )
    markup_percent: Decimal = Field(
        Decimal(0),
        ge=0,
        le=100_000,
        description=(
            "Percent on top of the provider's rate, where no rule of /margins says otherwise."
        ),
    )
    price_step: Decimal = Field(
        Decimal("0.0001"),
        gt=0,
        decimal_places=6,
        description="Prices are rounded up to a multiple of this.",
    )
    shop_currency: str = Field(
        "",
        max_length=8,
        description="The currency of prices and wallets, such as EUR, if it is not the provider's; "
        "EXCHANGE_RATE then says what the provider's is worth.",
    )
    exchange_rate: Decimal = Field(
        Decimal(1),
        gt=0,
        le=1_000_000_000,
        description="What one unit of the provider's currency is in the shop's.",
    )
    star_value: Decimal | None = Field(
        None,
        ge=0,
        decimal_places=6,
        description="What a customer is credited for one Telegram Star. Empty: 0.013 "
        "where the shop's currency is USD, no Stars elsewhere. 0: no Stars.",
    )
    star_presets: _Counts = Field(
        (100, 250, 500, 1000, 2500), description="The numbers of Stars that are offered."
    )
    stars_per_day: int = Field(
        10_000, ge=1, description="The most Stars that one customer can pay in within 24 hours."
    )
    crypto_pay_token: SecretStr | None = Field(
        None,
        description="Turns on top-ups by Crypto Pay (@CryptoBot). Telegram's terms want "
        "Stars for digital goods: "
        "it is your decision.",
    )
    crypto_pay_testnet: bool = Field(
        default=False, description="Use Crypto Pay's test network (@CryptoTestnetBot)."
    )
    crypto_pay_url: str = Field(
        "", description="Another server that speaks Crypto Pay's API. Empty: Crypto Pay's own."
    )
    crypto_per_day: Decimal = Field(
        Decimal(500),
        gt=0,
        decimal_places=6,
        description=(
            "The most, in the shop's currency, that one customer can pay in by "
            "Crypto Pay within 24 hours."
        ),
    )
    top_up_amounts: _Amounts = Field(
        (Decimal(5), Decimal(10), Decimal(25), Decimal(50), Decimal(100)),
        description=(
            "The amounts that are offered for other top-ups than Stars, in the shop's currency."
        ),
    )
    top_up_note: str = Field(
        "",
        max_length=500,
        description="What people read who want to top up by hand, such as where to send the money.",
    )
    welcome_credit: Decimal = Field(
        Decimal(0),
        ge=0,
        decimal_places=6,
        description="Given once to every new customer.",
    )
    status_interval: float = Field(30, ge=1, description="Seconds; the fastest check of one order.")
    refill_wait_hours: float = Field(
        24,
        ge=0,
        le=720,
        description=(
            "Hours after completion, and after a failed refill, before one can be asked for."
        ),
    )
    agree_hours: float = Field(
        24,
        gt=0,
        le=720,
        description="Hours that a customer has to agree again, when a service has "
        "changed before their order was sent; "
        "then the money goes back.",
    )
    keep_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="Days that what was said, and drafts that became no order, are kept.",
    )
    keep_history_days: int = Field(
        180,
        ge=30,
        le=36_500,
        description="Days after its end that an order still says how it came about: the "
        "states that it passed through, "
        "its form, what was found out about it; and that a change of the catalogue is kept.",
    )
    cost_tolerance_percent: Decimal = Field(
        Decimal(10),
        ge=0,
        le=1_000,
        description=(
            "With BILLING=house: by how many percent the cost may have risen since Confirm."
        ),
    )
    rate_jump_factor: Decimal = Field(
        Decimal(5),
        gt=1,
        le=1_000_000,
        description="A rate that changes by more than this factor in one look at the "
        "catalogue is not sold until a "
        "second look agrees, or an admin.",
    )
    catalog_interval: float = Field(
        900, ge=1, description="Seconds between looks at the catalogue."
    )
    balance_interval: float = Field(
        300,
        ge=1,
        description="Seconds between looks at the provider's balance; orders waiting for "
        "its top-up are "
        "tried as often, at least every 60.",
    )
    panel_timeout: float = Field(
        30, ge=1, description="Seconds to wait for an answer of the provider."
    )
    panel_user_agent: str = Field(
        "", description="Another User-Agent, for a provider's firewall. Empty: the client's own."
    )
    panel_parameters: Literal["body", "query", "both", "json"] = Field(
        "body",
        description="How the provider takes parameters: `body` (a form), `query`, "
        "`both`, or `json` (a JSON "
        "body).",
    )
    panel_calls_per_minute: int | None = Field(
        None,
        ge=1,
        description="The most calls a minute, orders first. Providers give a key 50 to "
        "120; fewer are made after a "
        '"too many requests". Empty: no limit until then.',
    )
    submit_workers: int = Field(
        4, ge=1, le=8, description="Orders sent to the provider at once (one link's never are)."
    )
    find_most: int = Field(
        300,
        ge=0,
        le=2000,
        description="The most of the provider's ids that are asked for to find an order whose "
        "answer got lost. 0: none, which is right where others order with the same key.",
    )
    category_allow: _Patterns = Field(
        (),
        description="Only categories like these are sold: patterns with * and ?, comma separated.",
    )
    category_deny: _Patterns = Field((), description="Categories like these are not sold.")
    default_language: str = Field(
        "en", description="For people whose language the bot does not speak: `en`, `ru`."
    )
    support_contact: str = Field(
        "", description="Where people can write besides /support, such as @name."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="`text`, or `json`: one object a line, for whatever collects logs."
    )
    sentry_dsn: SecretStr | None = Field(
        None,
        description=(
            "Where errors are sent as well: a DSN of Sentry, without what people "
            "wrote. Empty: nowhere."
        ),
    )
    backup_folder: str = Field(
        "",
        description=(
            "Where backups of an SQLite file are made by themselves, in a folder "
            "of their own. Empty: off."
        ),
    )
    backup_hours: float = Field(24, gt=0, le=8_760, description="Hours between two backups.")
    backup_keep: int = Field(
        7, ge=1, le=10_000, description="How many backups are kept in a folder."
    )
    health_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Answers /livez, /readyz and /metrics there. Empty: off.",
    )
    health_host: str = Field(
        "127.0.0.1",
        description="Where HEALTH_PORT listens: an address of this machine. 0.0.0.0: all of them.",
    )
    webhook_url: str = Field(
        "",
        description=(
            "The public https address, with a path, that Telegram sends updates "
            "to. Empty: long polling."
        ),
    )
    webhook_secret: SecretStr | None = Field(
        None,
        description="What Telegram proves itself with: 1-256 of A-Z, a-z, 0-9, _ and -. "
        "Empty: made from the bot's token.",
    )
    webhook_host: str = Field(
        "0.0.0.0",  # noqa: S104
        description="Where the webhook listens: an address of this machine.",
    )
    webhook_port: int = Field(
        8080, ge=1, le=65_535, description="The port where the webhook listens, by plain http."
    )

    @field_validator("admin_ids", "allowed_user_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        words = [word.strip() for word in value.split(",") if word.strip()]
        if not all(word.isascii() and word.isdigit() for word in words):
            raise ValueError("must be numbers, separated by commas")
        return frozenset(int(word) for word in words)

    @field_validator(
        "category_allow", "category_deny", "star_presets", "top_up_amounts", mode="before"
    )
    @classmethod
    def _patterns(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(word.strip() for word in value.split(",") if word.strip())

    @field_validator(
        "health_port",
        "star_value",
        "crypto_pay_token",
        "webhook_secret",
        "sentry_dsn",
        "panel_calls_per_minute",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("health_host", mode="before")
    @classmethod
    def _not_everywhere(cls, value: Any) -> Any:
        """Return the default for an empty host, which would mean every address of the machine."""
        return "127.0.0.1" if isinstance(value, str) and not value.strip() else value

    @field_validator("panel_url", "telegram_api_url", "crypto_pay_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value:
            return value
        try:
            TypeAdapter(AnyHttpUrl).validate_python(value)
        except ValidationError:
            raise ValueError("must be an http or https address") from None
        return value.rstrip("/") if value.count("/") <= 3 else value  # noqa: PLR2004 - only a host's slash is ours

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        return read_address(value)

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        number, colon, secret = value.get_secret_value().partition(":")
        if not (number.isascii() and number.isdigit() and colon and secret) or " " in secret:
            raise ValueError("must look like 123456:ABC..., as @BotFather gives it")
        return value

    @field_validator("crypto_pay_token")
    @classmethod
    def _crypto_token(cls, value: SecretStr | None) -> SecretStr | None:
        written = "" if value is None else value.get_secret_value()
        if not written.isascii() or " " in written or (written and not written.isprintable()):
            raise ValueError("must be as @CryptoBot gives it")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _webhook_address(cls, value: str, given: ValidationInfo) -> str:
        if not value:
            return value
        # Telegram's own server takes nothing else; one in the same network may.
        own_server = (
            given.data.get("telegram_api_url") != cls.model_fields["telegram_api_url"].default
        )
        address = urlsplit(value)
        if (
            address.scheme not in ({"http", "https"} if own_server else {"https"})
            or not address.hostname
        ):
            raise ValueError("must be a https address")
        if (
            address.path.strip("/") == ""
            or address.query
            or address.fragment
            or set(address.path) & set("{} ")
        ):
            raise ValueError(
                "needs a path after the host, such as https://shop.example/telegram, and "
                "nothing after it"
            )
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(
            r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()
        ):
            raise ValueError("must be 1-256 of A-Z, a-z, 0-9, _ and -")
        return value

    @field_validator("webhook_port")
    @classmethod
    def _webhook_door(cls, value: int, given: ValidationInfo) -> int:
        if given.data.get("webhook_url") and value == given.data.get("health_port"):
            raise ValueError("must be another one than HEALTH_PORT")
        return value

    @field_validator("default_language")
    @classmethod
    def _language(cls, value: str) -> str:
        spoken = languages()
        if value not in spoken:
            raise ValueError(f"must be one of {', '.join(spoken)}")
        return value

    @field_validator("shop_currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        code = code_of(value) if value.strip() else ""
        if code is None:
            raise ValueError("must be a code of three letters, such as EUR")
        return code

    @field_validator("exchange_rate")
    @classmethod
    def _exchange(cls, value: Decimal, given: ValidationInfo) -> Decimal:
        if value != 1 and not given.data.get("shop_currency"):
            raise ValueError("needs SHOP_CURRENCY, the currency that it leads to")
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _dsn(cls, value: SecretStr | None) -> SecretStr | None:
        address = urlsplit("" if value is None else value.get_secret_value())
        whole = address.scheme in {"http", "https"} and address.username and address.hostname
        if value is not None and not (whole and address.path.rpartition("/")[2].isdigit()):
            raise ValueError("must be as Sentry gives it, such as https://key@sentry.example/1")
        return value

    @field_validator("log_format", mode="before")
    @classmethod
    def _form(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def webhook_token(self) -> str:
        """What Telegram sends along: the same in every process of this bot."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        return hmac.digest(self.bot_token.get_secret_value().encode(), b"webhook", "sha256").hex()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be logged."""
        known = (self.bot_token, self.panel_key, self.crypto_pay_token, self.sentry_dsn)
        given = [secret.get_secret_value() for secret in known if secret is not None]
        dsn_key = (
            "" if self.sentry_dsn is None else urlsplit(self.sentry_dsn.get_secret_value()).username
        )
        return (*given, self.webhook_token, dsn_key or "")


def load(**given: Any) -> Settings:
    """Read the settings.

    Raises SettingsError with one plain sentence for each that is missing or wrong.
    """
    given = {"_env_file": ".env"} | given
    if given["_env_file"] is not None:
        given["_env_file_encoding"] = encoding_of(Path(given["_env_file"]))
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError([_sentence(one) for one in error.errors()]) from None


def _sentence(error: Any) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else "The settings"
    if error["type"] == "missing":
        return f"{name} is missing: set it in .env or in the environment."
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{name} is wrong: {reason[:1].lower()}{reason[1:]}."
