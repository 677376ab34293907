"""The server: real HTTP on loopback, run in the caller's own event loop."""

import asyncio
import logging
import re
import socket
import time
from types import TracebackType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from tests.telegram_double import flood
from tests.telegram_double.delivery import Webhook, perform
from tests.telegram_double.errors import ApiError, too_many
from tests.telegram_double.faults import Fault, Faults
from tests.telegram_double.params import Params, read_params
from tests.telegram_double.people import Channel, Group, User
from tests.telegram_double.state import Call, Chat, Json, Pending, World

TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,80}")


class _Protocol(HttpToolsProtocol):
    """Hands the connection to the application, which must be able to break it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["double.transport"] = self.transport  # type: ignore[typeddict-unknown-key]


async def _gone(request: Request, world: World) -> Response:
    """Wait until the client gives up (or the double ends); what is returned reaches nobody."""

    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    waiting = [
        asyncio.ensure_future(left()),
        asyncio.ensure_future(world.bell.until(lambda: world.closing or None, 86_400.0)),
    ]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return Response(status_code=504)


async def _broken(request: Request, world: World) -> Response:
    request.scope["double.transport"].abort()
    return await _gone(request, world)


class TelegramDouble:
    """A Bot API server for one bot, whose people are played by the test.

    Any token of the right form is taken, unless `token` names the only good one. Use it as
    `async with TelegramDouble() as double:`; `double.url` is what the bot is given.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        token: str | None = None,
        username: str = "desmi_uji_bot",
        enforce: bool = False,
        burst: int = flood.BURST,
    ) -> None:
        self.host, self.port, self.token, self.username = host, port, token, username
        self.enforce = enforce
        self.burst = burst
        self.faults = Faults()
        self._listener: asyncio.Server | None = None
        self._server_state = ServerState()
        self._fresh()

    def _fresh(self) -> None:
        bot_id = int(self.token.split(":")[0]) if self.token else 100_000
        self.world = World(self.username, bot_id)
        self.webhook = Webhook(self.world)
        self.meter = flood.Meter(self.burst)
        self._users: dict[str, User] = {}
        self._groups: dict[str, Group] = {}

    # running

    async def __aenter__(self) -> "TelegramDouble":
        from tests.telegram_double.control import routes

        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._download),
                *routes(self),
            ]
        )
        self._config = Config(
            app,
            lifespan="off",
            access_log=False,
            log_config=None,
            ws="none",
            server_header=False,
            date_header=False,
        )
        self._config.load()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await self.comes_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.world.closing = True
        self.world.bell.ring()
        await self.webhook.stop()
        await self.goes_down()
        while self._server_state.tasks:
            await asyncio.wait(self._server_state.tasks, timeout=1.0)

    async def goes_down(self) -> None:
        """Listen no more and break all connections; what is known stays."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for connection in list(self._server_state.connections):
            connection.transport.abort()
        # let the loop tell the protocols
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def comes_up(self) -> None:
        """Listen (again), on the same port."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        self.port = listener.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: _Protocol(self._config, self._server_state, {}, loop), sock=listener, backlog=2048
        )

    async def reset(self) -> None:
        """Forget everything; long polls end."""
        self.world.closing = True
        self.world.bell.ring()
        await self.webhook.stop()
        self.faults.lift()
        self._fresh()

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot's `Bot(base_url=...)` takes."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot's `Bot(base_file_url=...)` takes."""
        return f"{self.url}/file/bot"

    # people

    def _chat(self, chat: Json, started: bool) -> Chat:
        return self.world.chats.setdefault(chat["id"], Chat(chat, started))

    def user(self, name: str, language: str = "id") -> User:
        """The person of this name; the same person for the same name."""
        if name not in self._users:
            profile = {
                "id": 7_000_000_000 + self.world.unique(),
                "is_bot": False,
                "first_name": name,
                "language_code": language,
            }
            chat = self._chat({"id": profile["id"], "type": "private", "first_name": name}, False)
            self._users[name] = User(self.world, chat, profile)
        return self._users[name]

    def group(self, title: str) -> Group:
        """The group of this title, with the bot in it."""
        if title not in self._groups:
            chat = {"id": -1_000_000_000_000 - self.world.unique(), "type": "supergroup", "title": title}
            self._groups[title] = Group(self.world, self._chat(chat, True))
        return self._groups[title]

    def channel(self, title: str) -> Channel:
        """A channel of this title."""
        chat = {"id": -1_000_000_000_000 - self.world.unique(), "type": "channel", "title": title}
        return Channel(self.world, self._chat(chat, True))

    def push(self, kind: str, body: Json, chat_id: int = 0) -> Pending | None:
        """Queue any update at all, malformed ones too."""
        return self.world.push(kind, body, chat_id)

    def repeats(self, update_id: int) -> None:
        """Deliver an update again under its old id, as happens when an acknowledgement is lost."""
        update = self.world.history[update_id]
        update.again = True
        self.world.queue(update)

    def expires_queries(self) -> None:
        """Make all taps so far too old to be answered."""
        for query in self.world.queries.values():
            query.expired = True

    # faults and reports

    def floods(self, method: str = "send*", retry_after: int = 1, **more: Any) -> Fault:
        """Answer 429."""
        return self.faults.order("flood", method, retry_after=retry_after, **more)

    def conflicts(self, **more: Any) -> Fault:
        """Answer getUpdates with 409."""
        return self.faults.order("conflict", "getUpdates", **more)

    def breaks(self, method: str = "*", status: int = 502, **more: Any) -> Fault:
        """Answer 5xx (or any other status)."""
        return self.faults.order("error", method, status=status, **more)

    def hangs(self, method: str = "send*", **more: Any) -> Fault:
        """Accept, carry out, never answer."""
        return self.faults.order("hang", method, **more)

    def loses(self, method: str = "send*", **more: Any) -> Fault:
        """Accept, carry out, break the connection instead of answering."""
        return self.faults.order("lose", method, **more)

    def drops(self, method: str = "*", **more: Any) -> Fault:
        """Break the connection before anything is accepted."""
        return self.faults.order("drop", method, **more)

    def delays(self, seconds: float, method: str = "*", **more: Any) -> Fault:
        """Answer late."""
        return self.faults.order("delay", method, seconds=seconds, **more)

    def calls(self, method: str | None = None) -> list[Call]:
        """The bot's calls in order of arrival."""
        return [call for call in self.world.calls if method is None or call.method.lower() == method.lower()]

    def flood_report(self, **limits: Any) -> flood.FloodReport:
        """Whether the bot kept Telegram's sending limits; see `flood.report`."""
        return flood.report(self.world.calls, **({"burst": self.burst} | limits))

    async def until(self, found: Any, seconds: float = 20.0) -> Any:
        """Wait until `found()` gives something other than None or False."""
        result = await self.world.bell.until(lambda: found() or None, seconds)
        assert result is not None, f"did not come true in {seconds} s"
        return result

    # the API

    async def _api(self, request: Request) -> Response:
        token, name = request.path_params["token"], request.path_params["method"]
        if not TOKEN.fullmatch(token):
            return _json(ApiError(404, "Not Found"))
        if self.token is not None and token != self.token:
            return _json(ApiError(401, "Unauthorized"))
        world = self.world
        world.bot["id"] = int(token.split(":")[0])
        try:
            raw = await read_params(request)
        except ApiError as error:
            return _json(error)
        call = Call(len(world.calls), name, raw, time.time(), time.monotonic())
        world.calls.append(call)
        return await self._answer(request, world, call)

    async def _answer(self, request: Request, world: World, call: Call) -> Response:
        fault = self.faults.meeting(call.method, call.chat_id)
        call.fault = fault.kind if fault else ""
        if fault and fault.kind == "drop":
            world.bell.ring()
            return await _broken(request, world)
        try:
            if fault and (error := fault.error()):
                raise error
            self._metered(call)
            result = await perform(world, self.webhook, call.method.lower(), Params(call.params))
        except ApiError as error:
            call.ok, call.code, call.description = False, error.code, error.description
            call.answered_at = time.time()
            world.bell.ring()
            return (
                HTMLResponse("<html>Bad Gateway</html>", error.code) if fault and fault.html else _json(error)
            )
        call.ok, call.code = True, 200
        call.message_id = result.get("message_id") if isinstance(result, dict) else None
        if fault:
            world.bell.ring()
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            else:
                return await (_gone if fault.kind == "hang" else _broken)(request, world)
        call.answered_at = time.time()
        world.bell.ring()
        return JSONResponse({"ok": True, "result": result})

    def _metered(self, call: Call) -> None:
        if self.enforce and flood.counts(call.method) and call.chat_id is not None:
            wait = self.meter.wait(call.chat_id, call.clock)
            if wait:
                raise too_many(flood.retry_after(wait))

    async def _download(self, request: Request) -> Response:
        content = self.world.files.get(request.path_params["path"])
        return Response(content) if content is not None else _json(ApiError(404, "Not Found"))


def _json(error: ApiError) -> Response:
    headers = (
        {"Retry-After": str(error.parameters["retry_after"])} if "retry_after" in error.parameters else None
    )
    return JSONResponse(error.as_json(), error.code, headers)
