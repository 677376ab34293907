"""Control over HTTP, for tests and benchmarks whose double runs as another process. All bodies are JSON.

| route | does |
|---|---|
| `GET /control/health` | `{"ok": true}` |
| `POST /control/users/{name}/{action}` | a `User` method (`says`, `taps`, ...); the body holds its arguments |
| `GET /control/users/{name}/events?after=&wait=&kind=` | what the person saw from place `after` on; waits for news |
| `POST /control/groups/{title}/says` | `{"user": name, "text": text}` |
| `POST /control/says` | `[{"user": name, "text": text}, ...]`, all at once |
| `POST /control/updates` | `{"kind": kind, "body": update}`: any update at all |
| `POST /control/repeat` | `{"update_id": id}` |
| `GET /control/events?after=&wait=&kind=` | what anybody saw |
| `GET /control/calls?after=&method=` | the bot's calls |
| `GET /control/updates?after=` | updates with the times at which they arose and were confirmed |
| `GET /control/flood?burst=&overall=&slack=` | the flood report |
| `GET /control/state` | webhook, waiting updates, profile, number of calls |
| `POST /control/faults`, `DELETE /control/faults` | order a fault (fields of `Fault`), lift all |
| `POST /control/down` | `{"seconds": s}`: refuse connections for so long |
| `POST /control/reset` | forget everything |
"""

import asyncio
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.telegram_double.state import Call, Event, Message, Query

if TYPE_CHECKING:
    from tests.telegram_double.server import TelegramDouble

ACTIONS = frozenset(
    [
        "says",
        "forwards",
        "shares_location",
        "shares_contact",
        "sends_sticker",
        "sends_voice",
        "sends_photo",
        "sends_document",
        "sends",
        "edits",
        "taps",
        "blocks",
        "unblocks",
        "deletes_account",
    ]
)


def _call(call: Call) -> dict[str, Any]:
    values = asdict(call)
    values["params"] = {
        key: value
        for key, value in call.params.items()
        if not isinstance(value, dict) or "content" not in value
    }
    return values


def _result(result: Any) -> dict[str, Any]:
    if isinstance(result, Message):
        return {"message_id": result.id, "update_id": result.update_id, "at": result.at}
    if isinstance(result, Query):
        return {"query": result.id, "at": result.at}
    return {}


def routes(double: "TelegramDouble") -> list[Route]:
    """The control routes of a double."""
    running: set[asyncio.Task[None]] = set()

    async def health(request: Request) -> JSONResponse:
        return JSONResponse({"ok": True})

    async def act(request: Request) -> JSONResponse:
        user, action = double.user(request.path_params["name"]), request.path_params["action"]
        if action not in ACTIONS:
            return JSONResponse({"error": f"no action {action}"}, 404)
        body = await request.body()
        try:
            arguments = await request.json() if body else {}
            result = await getattr(user, action)(**arguments)
        except (AssertionError, TypeError, ValueError, KeyError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"chat_id": user.id} | _result(result))

    async def seen(events: list[Event], request: Request) -> JSONResponse:
        after = int(request.query_params.get("after", 0))
        kind = request.query_params.get("kind")

        def news() -> list[Event] | None:
            return [event for event in events[after:] if kind in (None, event.kind)] or None

        found = await double.world.bell.until(news, float(request.query_params.get("wait", 0))) or []
        return JSONResponse({"events": [event.as_json() for event in found], "next": len(events)})

    async def user_events(request: Request) -> JSONResponse:
        return await seen(double.user(request.path_params["name"]).chat.events, request)

    async def all_events(request: Request) -> JSONResponse:
        return await seen(double.world.events, request)

    async def group_says(request: Request) -> JSONResponse:
        body = await request.json()
        group = double.group(request.path_params["title"])
        return JSONResponse(
            {"chat_id": group.id} | _result(await group.says(double.user(body["user"]), body["text"]))
        )

    async def many_say(request: Request) -> JSONResponse:
        said = []
        for line in await request.json():
            user = double.user(line["user"])
            said.append({"user": line["user"], "chat_id": user.id} | _result(await user.says(line["text"])))
        return JSONResponse({"said": said})

    async def push(request: Request) -> JSONResponse:
        body = await request.json()
        update = double.push(body["kind"], body["body"], int(body.get("chat_id", 0)))
        return JSONResponse({"update_id": update.update_id if update else None})

    async def repeat(request: Request) -> JSONResponse:
        double.repeats(int((await request.json())["update_id"]))
        return JSONResponse({})

    async def updates(request: Request) -> JSONResponse:
        after = int(request.query_params.get("after", 0))
        world = double.world
        rows = [
            {
                "update_id": u.update_id,
                "kind": u.kind,
                "chat_id": u.chat_id,
                "at": u.at,
                "confirmed_at": world.confirmed.get(u.update_id),
            }
            for u in world.history.values()
            if u.update_id > after
        ]
        return JSONResponse({"updates": rows})

    async def calls(request: Request) -> JSONResponse:
        after = int(request.query_params.get("after", 0))
        chosen = double.calls(request.query_params.get("method"))
        return JSONResponse(
            {
                "calls": [_call(call) for call in chosen if call.number >= after],
                "next": len(double.world.calls),
            }
        )

    async def flooded(request: Request) -> JSONResponse:
        query = request.query_params
        limits: dict[str, Any] = {name: int(query[name]) for name in ("burst", "overall") if name in query}
        if "slack" in query:
            limits["slack"] = float(query["slack"])
        return JSONResponse(double.flood_report(**limits).as_json())

    async def state(request: Request) -> JSONResponse:
        world = double.world
        return JSONResponse(
            {
                "now": time.time(),
                "bot": world.bot,
                "webhook": world.webhook,
                "webhook_errors": world.webhook_errors[-20:],
                "allowed_updates": world.allowed,
                "pending": list(world.pending),
                "calls": len(world.calls),
                "events": len(world.events),
                "profile": world.profile,
                "users": {name: user.id for name, user in double._users.items()},
                "faults": [asdict(fault) for fault in double.faults.ordered],
            }
        )

    async def faults(request: Request) -> JSONResponse:
        if request.method == "DELETE":
            double.faults.lift()
            return JSONResponse({})
        try:
            double.faults.order(**await request.json())
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({})

    async def down(request: Request) -> JSONResponse:
        seconds = float((await request.json()).get("seconds", 1))

        async def pause() -> None:
            # after this answer has gone out
            await asyncio.sleep(0.02)
            await double.goes_down()
            await asyncio.sleep(seconds)
            await double.comes_up()

        task = asyncio.create_task(pause())
        running.add(task)
        task.add_done_callback(running.discard)
        return JSONResponse({})

    async def reset(request: Request) -> JSONResponse:
        await double.reset()
        return JSONResponse({})

    return [
        Route("/control/health", health),
        Route("/control/users/{name}/events", user_events),
        Route("/control/users/{name}/{action}", act, methods=["POST"]),
        Route("/control/groups/{title}/says", group_says, methods=["POST"]),
        Route("/control/says", many_say, methods=["POST"]),
        Route("/control/updates", push, methods=["POST"]),
        Route("/control/updates", updates),
        Route("/control/repeat", repeat, methods=["POST"]),
        Route("/control/events", all_events),
        Route("/control/calls", calls),
        Route("/control/flood", flooded),
        Route("/control/state", state),
        Route("/control/faults", faults, methods=["POST", "DELETE"]),
        Route("/control/down", down, methods=["POST"]),
        Route("/control/reset", reset, methods=["POST"]),
    ]
