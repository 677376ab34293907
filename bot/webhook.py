"""Webhook: Telegram calls us; an update is acknowledged by 200 only after it was committed."""

import contextlib
import hmac
import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import limits
from bot.client import Client
from bot.intake import Intake, NotStoredError
from bot.polling import insist
from bot.updates import ALLOWED, parse_update, read_update
from core.logs import where
from core.settings import Settings

logger = logging.getLogger(__name__)

PATH = "/telegram"
MAX_BYTES = 1_000_000
"""Largest body read; an update is a few kilobytes."""
_HEADER = "x-telegram-bot-api-secret-token"
_SECRET = re.compile(rf"[A-Za-z0-9_-]{{16,{limits.SECRET_CHARS}}}")


class WebhookSettingsError(ValueError):
    """The webhook cannot run with these settings; the message says what to do."""


def webhook_address(settings: Settings) -> str:
    """The address that Telegram calls; a URL without a path gets ours.

    Raises:
        WebhookSettingsError: None is set.
    """
    if settings.webhook_url is None:
        raise WebhookSettingsError(
            "Webhook mode needs DESMI_WEBHOOK_URL, the public https address that Telegram calls."
        )
    parts = urlsplit(str(settings.webhook_url))
    return urlunsplit(parts._replace(path=PATH)) if parts.path in ("", "/") else urlunsplit(parts)


def webhook_secret(settings: Settings, derived: str) -> str:
    """The secret that Telegram sends with each call: the one set, else the one derived from the secret key.

    Raises:
        WebhookSettingsError: It is empty, too short, or holds what Telegram does not allow.
    """
    given = settings.webhook_secret
    secret = derived if given is None else given.get_secret_value()
    if not _SECRET.fullmatch(secret):
        raise WebhookSettingsError(
            "DESMI_WEBHOOK_SECRET must have 16 to 256 letters, digits, _ or -; or leave it unset."
        )
    return secret


def webhook_app(client: Client, intake: Intake, secret: str, path: str = PATH) -> Starlette:
    """The web application that takes Telegram's calls at `/telegram` and at `path`."""
    if not secret:
        raise WebhookSettingsError("the webhook does not run without a secret")
    expected = secret.encode()

    async def take(request: Request) -> Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, expected):
            logger.warning("refused a call without the right secret")
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BYTES:
                return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(raw, dict):
            return Response(status_code=400)
        try:
            update = parse_update(raw, client)
            incoming = read_update(update) if update is not None else None
            if incoming is not None:
                await intake.accept(incoming)
        except NotStoredError as error:
            logger.error("the database takes no updates (%s); Telegram keeps them", error)
            return Response(status_code=503)
        except Exception as error:
            logger.error("an update could not be taken: %s\n%s", error.__class__.__name__, where(error))
            return Response(status_code=500)
        return Response(status_code=200)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    paths = dict.fromkeys((PATH, path))
    return Starlette(
        routes=[*(Route(each, take, methods=["POST"]) for each in paths), Route("/health", health)]
    )


class _Server(uvicorn.Server):
    """A server that leaves the signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Webhook:
    """Takes the updates of a bot by webhook."""

    def __init__(self, client: Client, intake: Intake, settings: Settings, derived_secret: str) -> None:
        """Raises `WebhookSettingsError` where something is missing: it fails closed."""
        self._client = client
        self._address = webhook_address(settings)
        self._secret = webhook_secret(settings, derived_secret)
        app = webhook_app(client, intake, self._secret, urlsplit(self._address).path)
        self._server = _Server(
            uvicorn.Config(
                app,
                host=settings.webhook_host,
                port=settings.webhook_port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )

    async def register(self) -> None:
        """Tell Telegram where to call; raises `InvalidToken`."""
        await insist("setting the webhook", self._set)
        logger.info("the webhook is set")

    async def serve(self) -> None:
        """Take calls until `stop`."""
        await self._server.serve()

    def stop(self) -> None:
        """Take no new calls, finish those under way."""
        self._server.should_exit = True

    async def _set(self) -> None:
        await self._client.set_webhook(
            self._address, secret_token=self._secret, allowed_updates=ALLOWED, drop_pending_updates=False
        )
