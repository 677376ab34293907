"""Service: the Telegram edge as a whole, from the settings to the exit code."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import InvalidToken

from bot import profile
from bot.client import Client, make_client
from bot.dispatch import Dispatcher
from bot.giving_back import give_back
from bot.intake import Accepted, Intake
from bot.ledger import Ledger
from bot.outbox import Outbox
from bot.polling import Poller, insist
from bot.reminders import Scheduler
from bot.taps import Taps
from bot.webhook import Webhook, WebhookSettingsError
from core import demo, logs
from core.assembly import build_conversation
from core.cancellation import cancel_once, heed_cancellation
from core.engine_client import EngineClient
from core.guard import Guard, default_guard
from core.hotlines import hotlines
from core.keys import KeyMismatchError, Keys, load_keys
from core.languages import SOURCE
from core.outcomes import TurnHandler
from core.replies import Reply
from core.settings import Settings
from core.storage import Database, models, open_database
from core.storage.migrate import is_current, upgrade

logger = logging.getLogger(__name__)

EXIT_SETTINGS = 78
"""A restart cannot mend it (EX_CONFIG of sysexits.h)."""
_DATABASE_PAUSE_S = 1.0
_WEBHOOK_STOP_S = 8.0

_NO_TOKEN = "No Telegram token: write DESMI_TELEGRAM_TOKEN=... into the file .env (from @BotFather)."  # noqa: S105
_BAD_TOKEN = (
    "Telegram does not know this bot: DESMI_TELEGRAM_TOKEN is wrong or was revoked. "  # noqa: S105
    "Get the token from @BotFather (/mybots, API Token), write it into .env, start again."
)
_DEMO = (
    "This database holds invented conversations (desmi demo), and real ones must not come among them. "
    "Remove them with desmi demo --remove, or set another DESMI_DATA_DIR or DESMI_DATABASE_URL."
)


class Service:
    """One bot with everything that it needs."""

    def __init__(
        self,
        settings: Settings,
        keys: Keys,
        database: Database,
        client: Client,
        handler: TurnHandler,
        guard: Guard,
        keep: frozenset[str],
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        """`client` must be initialised; the others are those of the same settings."""
        self._settings = settings
        self._keys = keys
        self._database = database
        self._client = client
        self._early: list[Accepted] | None = []
        self._ready = asyncio.Event()
        self.outbox = Outbox(database, client, forget)
        self.taps = Taps(client)
        self.dispatcher = Dispatcher(
            Ledger(database, client.id), handler, client, self.outbox.wake, self.taps.notice
        )
        self.intake = Intake(database, keys, client.id, guard, handler, keep, self._direct, self._accepted)

    async def run(self) -> None:
        """Run until cancelled.

        Raises:
            telegram.error.InvalidToken: Telegram does not know the bot.
            WebhookSettingsError: The webhook cannot run with these settings.
            core.keys.KeyMismatchError: The database was written with another secret key.
        """
        reader, stop_reader = self._reader()
        tasks = [
            asyncio.create_task(self.outbox.run()),
            asyncio.create_task(self._resume()),
            asyncio.create_task(self._remind()),
            reader,
            asyncio.create_task(profile.publish(self._client, self._database)),
            asyncio.create_task(give_back(self._database, self.outbox.wake)),
        ]
        try:
            await asyncio.gather(*tasks)
        finally:
            # first nothing new comes in, then nothing new is queued, then what is under way arrives
            stop_reader()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                async with asyncio.timeout(_WEBHOOK_STOP_S):
                    await reader
            await self.dispatcher.stop()
            await self.taps.stop()
            for task in tasks:
                cancel_once(task)
            await asyncio.gather(*tasks, return_exceptions=True)

    def _reader(self) -> tuple[asyncio.Task[None], Callable[[], object]]:
        if self._settings.telegram_mode == "polling":
            task = asyncio.create_task(Poller(self._client, self.intake).run())
            return task, lambda: cancel_once(task)
        webhook = Webhook(self._client, self.intake, self._settings, self._keys.webhook_secret)

        async def serve() -> None:
            registering = asyncio.create_task(webhook.register())
            serving = asyncio.create_task(webhook.serve())
            try:
                await asyncio.gather(registering, asyncio.shield(serving))
            finally:
                registering.cancel()
                webhook.stop()
                await serving

        return asyncio.create_task(serve()), webhook.stop

    async def _resume(self) -> None:
        """Make the database ready and take up what an earlier process left."""
        while True:
            try:
                if not await is_current(self._database.engine):
                    await upgrade(self._database.engine)
                await self._check_key()
                left = await self.dispatcher.resume()
                break
            except (SQLAlchemyError, OSError) as error:
                logger.error("the database is not there yet: %s", error.__class__.__name__)
                heed_cancellation()
                await asyncio.sleep(_DATABASE_PAUSE_S)
        early, self._early = self._early or [], None
        for accepted in early:  # those that the look into the database found are done or known
            self.dispatcher.submit(accepted.chat, accepted.update_id)
        self._ready.set()
        logger.info("ready; %d questions were waiting", left)

    async def _remind(self) -> None:
        """Send reminders, once the database is ready."""
        await self._ready.wait()
        await Scheduler(self._database, self.outbox.wake).run()

    async def _check_key(self) -> None:
        async with self._database.begin() as session:
            await session.scalar(select(models.Chat.address).limit(1))
            if await demo.is_demo(session):
                raise demo.DemoError(_DEMO)

    def _accepted(self, accepted: Accepted) -> None:
        if accepted.query is not None:
            self.taps.answer(accepted.update_id, accepted.query, accepted.turn.text)
        if accepted.urgent:
            self.outbox.wake()
        if self._early is not None:
            self._early.append(accepted)
        else:
            self.dispatcher.submit(accepted.chat, accepted.update_id)

    async def _direct(self, address: int, reply: Reply) -> None:
        await self.outbox.direct(address, reply, SOURCE)


@contextlib.asynccontextmanager
async def _opened(settings: Settings, token: str) -> AsyncIterator[Service]:
    keys = load_keys(settings)
    database = open_database(settings.database(), keys)
    client = make_client(token, settings.telegram_api_url)
    try:
        async with EngineClient(settings.rasa_url) as engine:
            handler = build_conversation(engine, database)
            guard, keep = default_guard(), hotlines().numbers()
            await insist("reaching Telegram", client.initialize)
            yield Service(settings, keys, database, client, handler, guard, keep, engine.forget)
    finally:
        with contextlib.suppress(Exception):
            await client.shutdown()
        await database.close()


async def _serve(settings: Settings, token: str) -> None:
    async with _opened(settings, token) as service:
        await service.run()


async def run(settings: Settings) -> int:
    """Run the bot until SIGTERM or SIGINT; returns the exit code."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    logs.configure(settings.log_level, token)
    if not token:
        logger.error(_NO_TOKEN)
        return EXIT_SETTINGS
    serving = asyncio.create_task(_serve(settings, token))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        logger.info("stopped")
    except InvalidToken:
        logger.error(_BAD_TOKEN)
        return EXIT_SETTINGS
    except (WebhookSettingsError, KeyMismatchError, demo.DemoError) as error:
        logger.error("%s", error)
        return EXIT_SETTINGS
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    return 0
