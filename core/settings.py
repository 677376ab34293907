"""Settings: read once from the environment or a `.env` file, every name with the prefix `DESMI_`."""

from datetime import timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder: content, domain, locales and models are found below it."""

_ZONE_HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}  # Keputusan Presiden 41/1987; no summer time
_ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


class Settings(BaseSettings):
    """What an operator may set; each field's description is what `docs/settings.md` says of it."""

    model_config = SettingsConfigDict(
        env_prefix="DESMI_",
        env_file=ROOT / ".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,  # what a compose file or unit passes on empty counts as unset
        extra="ignore",
        frozen=True,
    )

    telegram_token: SecretStr | None = Field(
        None, description="Bot token from @BotFather. Unset: `desmi run` opens the terminal chat."
    )
    telegram_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.telegram.org"),
        description="Scheme, host and port of the Bot API server.",
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="How updates come in: long polling, or a webhook that Telegram calls."
    )
    webhook_url: AnyHttpUrl | None = Field(
        None, description="Public https address that Telegram calls; needed in webhook mode."
    )
    webhook_host: str = Field("127.0.0.1", description="Address the webhook server listens on.")
    webhook_port: int = Field(8443, ge=1, le=65535, description="Port the webhook server listens on.")
    webhook_secret: SecretStr | None = Field(
        None, description="Secret that Telegram sends with each call; derived from the secret key when unset."
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy URL of the database; a SQLite file in the data folder when empty. "
        "Rasa's tracker store follows it.",
    )
    data_dir: Path = Field(
        Path("var"), description="Folder for the database, the secret key, logs; relative to the project."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Key for pseudonyms and encryption. Unset: made on first run into `secret.key` "
        "(mode 0600) in the data folder. Lose it and stored chats cannot be read or answered.",
    )
    rasa_port: int = Field(5005, ge=1, le=65535, description="Loopback port of the Rasa server.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Loopback port of the action server.")
    console_host: str = Field("127.0.0.1", description="Address the staff console listens on.")
    console_port: int = Field(8080, ge=1, le=65535, description="Port of the staff console.")
    console_url: AnyHttpUrl | None = Field(
        None,
        description="Address under which staff open the console, when a proxy stands before it; "
        "with https its cookies are sent over https only.",
    )
    console_zone: Literal["WIB", "WITA", "WIT"] = Field(
        "WIB", description="Time zone in which the staff console shows times and reads the days of filters."
    )
    retention_days: int = Field(
        180,
        ge=0,
        le=3650,
        description="Days after which messages are deleted, each night; 0 keeps everything.",
    )
    lock_store_url: SecretStr | None = Field(
        None, description="redis:// address of Rasa's lock store; in memory when unset."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Log level.")

    @field_validator("database_url", mode="before")
    @classmethod
    def _strip(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    def database(self) -> URL:
        """The database's URL with the asynchronous driver that we use for its kind."""
        url = make_url(self.database_url or f"sqlite:///{self.data_dir / 'desmi.db'}")
        kind = url.drivername.split("+")[0]
        if kind not in _ASYNC_DRIVERS:
            raise ValueError(f"DESMI_DATABASE_URL: {kind} is not supported; use sqlite:/// or postgresql://")
        return url.set(drivername=_ASYNC_DRIVERS[kind])

    def tracker_database(self) -> URL:
        """The URL for Rasa's tracker store, in the synchronous drivers of its own environment.

        With SQLite a file of its own beside ours, so that two writers never wait for one lock.
        """
        url = self.database()
        if url.drivername.startswith("sqlite"):
            database = url.database or ""
            path = Path(database) if database not in ("", ":memory:") else self.data_dir / "desmi.db"
            return URL.create("sqlite", database=str(path.with_name(path.stem + "-rasa.db")))
        return url.set(drivername="postgresql")

    @property
    def rasa_url(self) -> str:
        """Where the bot finds the Rasa server; always on loopback."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def zone(self) -> timezone:
        """The console's time zone."""
        return timezone(timedelta(hours=_ZONE_HOURS[self.console_zone]), self.console_zone)

    @property
    def console_address(self) -> str:
        """Where staff open the console, without a slash at the end."""
        return str(self.console_url or f"http://127.0.0.1:{self.console_port}").rstrip("/")

    @property
    def actions_url(self) -> str:
        """Where Rasa finds the action server; always on loopback."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read on first use."""
    return Settings()
