"""How updates reach the bot: long polling, or calls of its webhook, in order within a chat."""

import asyncio
import re
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.telegram_double import profile  # noqa: F401  (registers its methods)
from tests.telegram_double.errors import ApiError, bad_request, conflict
from tests.telegram_double.methods import METHODS, method
from tests.telegram_double.params import Params
from tests.telegram_double.state import Json, Pending, World

POLL_LIMIT = 50
"""Seconds after which the real server ends a long poll whatever was asked."""
STOP_S = 0.2
"""Time that calls of the webhook under way have to end before they are broken off."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _allowed(world: World, params: Params) -> None:
    wanted = params.json("allowed_updates")
    if wanted is not None:
        world.allowed = list(wanted) or None


async def get_updates(world: World, params: Params) -> list[Json]:
    """Long polling; a second poll ends the first with 409."""
    if world.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    _allowed(world, params)
    world.polls += 1
    this = world.polls
    world.bell.ring()
    offset = params.integer("offset", 0)
    if offset > 0:
        world.confirm(offset)
    elif offset < 0:
        kept = list(world.pending)[offset:]
        world.confirm(kept[0] if kept else 0)
    limit = min(max(params.integer("limit", 100), 1), 100)

    def ready() -> list[Json] | None:
        if world.polls != this:
            raise conflict(
                "terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        if world.closing:
            return []
        found: list[Json] = []
        for update in world.pending.values():
            if len(found) == limit:
                break
            found.append(update.as_json())
            update.again = False
        return found or None

    return await world.bell.until(ready, min(params.integer("timeout", 0), POLL_LIMIT)) or []


class Webhook:
    """Calls the bot's webhook: chats side by side, one chat in order, again until it answers 2xx."""

    def __init__(self, world: World, first_pause: float = 0.05, longest_pause: float = 2.0) -> None:
        self.world = world
        self.first_pause = first_pause
        self.longest_pause = longest_pause
        self._queues: dict[int, deque[Pending]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None
        self._room = asyncio.Semaphore(40)
        world.on_update = self.add

    async def start(self, connections: int) -> None:
        """Begin to call, with what already waits."""
        await self.stop()
        self._room = asyncio.Semaphore(connections)
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._client = httpx.AsyncClient(timeout=60.0, limits=limits, verify=False, trust_env=False)
        for update in list(self.world.pending.values()):
            self.add(update)

    async def stop(self) -> None:
        """Call no more; what was not delivered goes on waiting."""
        client, self._client = self._client, None  # from here on nothing is added
        tasks = list(self._tasks)
        if tasks:  # a call broken off while it connects would leave its socket open
            await asyncio.wait(tasks, timeout=STOP_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._queues.clear()
        if client is not None:
            await client.aclose()

    def add(self, update: Pending) -> None:
        """An update came up; does nothing without a webhook."""
        if self._client is None:
            return
        queue = self._queues.get(update.chat_id)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.chat_id] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat_id: int) -> None:
        queue, client = self._queues[chat_id], self._client
        while queue:
            pause = self.first_pause
            while queue[0].update_id in self.world.pending and not await self._call(queue[0]):
                await asyncio.sleep(pause)
                pause = min(pause * 2, self.longest_pause)
            if self._client is not client:
                return
            queue.popleft()
        del self._queues[chat_id]

    async def _call(self, update: Pending) -> bool:
        hook = self.world.webhook
        if hook is None or self._client is None:
            return True
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook["secret_token"] else {}
        try:
            async with self._room:
                answer = await self._client.post(hook["url"], json=update.as_json(), headers=headers)
        except httpx.HTTPError as error:
            return self._failed(f"Connection failed: {type(error).__name__}")
        if answer.is_success:
            self.world.done(update.update_id)
            self.world.bell.ring()
            return True
        return self._failed(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")

    def _failed(self, reason: str) -> bool:
        self.world.webhook_errors.append((time.time(), reason))
        self.world.bell.ring()
        return False


async def set_webhook(world: World, params: Params, webhook: Webhook) -> bool:
    """Set (an empty address: remove) the webhook; plain http is let through on loopback only."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return await delete_webhook(world, params, webhook)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    _allowed(world, params)
    if params.flag("drop_pending_updates"):
        world.pending.clear()
    world.webhook = {"url": url, "secret_token": secret, "max_connections": connections}
    await webhook.start(connections)
    world.polls += 1
    world.bell.ring()
    return True


async def delete_webhook(world: World, params: Params, webhook: Webhook) -> bool:
    """Remove the webhook; it is no error when there is none."""
    world.webhook = None
    await webhook.stop()
    if params.flag("drop_pending_updates"):
        world.pending.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> Json:
    """The webhook and how it fares."""
    hook: dict[str, Any] = world.webhook or {"url": ""}
    info: Json = {
        "url": hook["url"],
        "has_custom_certificate": False,
        "pending_update_count": len(world.pending),
    }
    if world.webhook:
        info |= {"max_connections": hook["max_connections"], "ip_address": "127.0.0.1"}
        if world.webhook_errors:
            at, reason = world.webhook_errors[-1]
            info |= {"last_error_date": int(at), "last_error_message": reason}
    if world.allowed:
        info["allowed_updates"] = world.allowed
    return info


async def perform(world: World, webhook: Webhook, name: str, params: Params) -> Any:
    """Carry out a method of any kind."""
    match name:
        case "getupdates":
            return await get_updates(world, params)
        case "setwebhook":
            return await set_webhook(world, params, webhook)
        case "deletewebhook":
            return await delete_webhook(world, params, webhook)
    found = METHODS.get(name)
    if found is None:
        raise ApiError(404, "Not Found: method not found")
    return found(world, params)
