"""Logs: what Desmi writes down never holds a person's words, a chat id or the token."""

import logging
import traceback

_QUIET = {
    "httpx": logging.WARNING,  # prints each URL, and the token stands in it
    "httpcore": logging.WARNING,
    "telegram": logging.CRITICAL + 1,  # prints whole answers that it cannot read
    "uvicorn": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
}


class _Masking(logging.Formatter):
    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def configure(level: str, *secrets: str) -> None:
    """Log to standard error at `level`; `secrets` are masked wherever they turn up."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Masking(tuple(filter(None, secrets))))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, lowest in _QUIET.items():
        logging.getLogger(name).setLevel(lowest)


def where(error: BaseException) -> str:
    """Where in the code an error arose; its message is left out, for it may quote a person."""
    return "".join(traceback.format_tb(error.__traceback__)[-6:]).rstrip()
