"""Client: the Bot API through python-telegram-bot, with what went wrong told apart."""

import os
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
from typing import Any

# before the library is imported: durations as timedelta, or it warns at every "retry after"
os.environ.setdefault("PTB_TIMEDELTA", "true")

import httpx
from pydantic import AnyHttpUrl
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

CONNECT_S = 5.0
READ_S = 15.0
"""A call takes well under a second; past this nobody knows whether it arrived."""
POOL = 16
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Client(Bot):
    """A bot that also gives updates as they came, so that one odd update cannot hide the others."""

    async def raw_updates(
        self, offset: int | None, seconds: int, kinds: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Long-poll for updates from `offset` on, at most `seconds` long; raises `telegram.error`'s errors."""
        wanted = {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)}
        updates = await self._post("getUpdates", wanted, read_timeout=seconds + READ_S)
        return [update for update in updates if isinstance(update, dict)]


def make_client(token: str, api_url: AnyHttpUrl | str) -> Client:
    """A client of the Bot API server at `api_url` (scheme, host, port); not yet initialised."""
    base = str(api_url).rstrip("/")
    # a proxy of the environment is for the world, not for a server on this machine
    options = {"trust_env": httpx.URL(base).host not in _LOOPBACK}

    def request(size: int) -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=size,
            read_timeout=READ_S,
            write_timeout=READ_S,
            connect_timeout=CONNECT_S,
            pool_timeout=CONNECT_S,
            httpx_kwargs=options,
        )

    return Client(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request(POOL),
        get_updates_request=request(2),
    )


class Fate(Enum):
    """What became of a call that failed."""

    UNSENT = "unsent"
    """No connection was made: the call certainly had no effect."""
    REFUSED = "refused"
    """The server answered with an error of its own (5xx)."""
    UNKNOWN = "unknown"
    """It was sent, and then the connection ended or the answer stayed away."""


def fate(error: NetworkError) -> Fate:
    """Tell what became of a call from the error that it ended in."""
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return Fate.UNSENT if isinstance(cause, _BEFORE_SENDING) else Fate.UNKNOWN
    # an answer outside 2xx is raised by the library alone, or from its failure to read the body
    return Fate.REFUSED if cause is None or isinstance(cause, TelegramError) else Fate.UNKNOWN


def pause_s(error: RetryAfter) -> float:
    """How long Telegram wants silence, in seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
