"""The channel between the bot and Rasa: one HTTP request, one answer with messages and parse.

POST /webhooks/desmi/webhook `{"sender", "text", "topic"?, "message_id"?, "metadata"?}` ->
`{"messages": [...], "parse": {...}}`, and "loop", the open form, while a task is in hand; with `topic` (a button was tapped) nothing is parsed. 503 when an
action failed: the turn must be tried again.
POST /webhooks/desmi/reset `{"sender"}` leaves the task in hand; /forget `{"sender"}` deletes all its events.
POST /webhooks/desmi/parse `{"texts": [...], "metadata"?: [...]}` -> `{"parses": [...]}`. GET /webhooks/desmi/health.
"""

import os
from collections.abc import Awaitable, Callable
from itertools import zip_longest
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.components.decision import TOPIC, set_topic
from nlu.components.questions import QUESTIONS
from nlu.remote_actions import failed_actions

HEALTH_SENDER = "desmi-health"
TASK_FORM = "task_form"
"""The one form of all tasks of several turns: `stories/tasks.yml`."""


class Collector(CollectingOutputChannel):
    """Keeps each response whole: metadata and the response's name too."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect instead of sending."""
        self.messages.append(message)


def _spoken(text: str) -> str:
    """Text that Rasa cannot take for a payload: a leading "/" would be an intent with full confidence."""
    return text.lstrip("/ \t\r\n") or " "


def _parse(data: dict[str, Any]) -> dict[str, Any]:
    """What the bot needs of a parse."""
    return {
        "topic": data.get(TOPIC),
        "alternatives": [
            {"topic": r["name"], "confidence": round(float(r["confidence"]), 4)}
            for r in data.get("intent_ranking") or []
        ],
        "entities": [
            {key: e.get(key) for key in ("entity", "value", "start", "end", "text")}
            for e in data.get("entities") or []
        ],
        "questions": [
            {"topic": q["name"], "confidence": round(float(q["confidence"]), 4)}
            for q in data.get(QUESTIONS) or []
        ],
    }


class DesmiInput(InputChannel):
    """The one door into Rasa; only the bot and the command line knock."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in addresses and credentials."""
        return "desmi"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "DesmiInput":
        """No credentials: the server listens on loopback only."""
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("desmi_channel", __name__)

        @routes.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            problems = await _problems(request.app.ctx.agent)
            return response.json(
                {
                    "status": "failing" if problems else "ok",
                    "problems": problems,
                    # tells one copy of Desmi from another on the same machine
                    "instance": os.environ.get("DESMI_INSTANCE"),
                },
                status=503 if problems else 200,
            )

        @routes.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            processor = request.app.ctx.agent.processor
            parses: list[dict[str, Any]] = []
            texts = request.json["texts"]
            for item, told in zip_longest(texts, request.json.get("metadata") or []):
                message = UserMessage(_spoken(item), input_channel=self.name(), metadata=told)
                parses.append(_parse(await processor.parse_message(message)))
            return response.json({"parses": parses})

        @routes.route("/reset", methods=["POST"])
        async def reset(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            sender = request.json["sender"]
            async with agent.lock_store.lock(sender):
                tracker = await agent.tracker_store.get_or_create_tracker(sender)
                tracker.update_with_events(
                    [ActiveLoop(None), AllSlotsReset(), ActionExecuted("action_listen")], agent.domain
                )
                await agent.tracker_store.save(tracker)
            return response.json({})

        @routes.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            sender = request.json["sender"]
            async with agent.lock_store.lock(sender):
                getattr(agent.tracker_store, "_tracker_store", agent.tracker_store).forget(sender)
            return response.json({})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            processor = request.app.ctx.agent.processor
            collector = Collector()
            message = UserMessage(
                _spoken(body["text"]),
                collector,
                body["sender"],
                input_channel=self.name(),
                message_id=body.get("message_id"),
                metadata=body.get("metadata"),
            )
            # parsed once here and handed on, so that the answer can carry the parse
            if body.get("topic"):
                message.parse_data = set_topic({"text": message.text, "entities": []}, body["topic"], 1.0)
            else:
                message.parse_data = await processor.parse_message(message)
            failed: list[str] = []
            failed_actions.set(failed)
            agent = request.app.ctx.agent
            await _follow_task(agent, message)
            await on_new_message(message)
            if failed:
                # the bot keeps the question and asks again
                return response.json({"failed": failed}, status=503)
            answer = {"messages": collector.messages, "parse": _parse(message.parse_data)}
            if (message.metadata or {}).get("task"):
                tracker = await agent.tracker_store.get_or_create_tracker(message.sender_id)
                answer["loop"] = tracker.active_loop_name
            return response.json(answer)

        return routes


async def _follow_task(agent: Any, message: UserMessage) -> None:
    """Open or close the form of tasks as the bot's database has it: taps and expired sessions pass Rasa by."""
    wanted = TASK_FORM if (message.metadata or {}).get("task") else None
    async with agent.lock_store.lock(message.sender_id):
        tracker = await agent.processor.fetch_tracker_and_update_session(
            message.sender_id, message.output_channel, message.metadata
        )
        open_now = tracker.active_loop_name
        if open_now == wanted or (open_now is not None and open_now != TASK_FORM):
            return
        tracker.update_with_events(
            [
                ActiveLoop(wanted),
                SlotSet("requested_slot", "task_done" if wanted else None),
                SlotSet("task_step", None),
                SlotSet("task_done", None),
                ActionExecuted("action_listen"),
            ],
            agent.domain,
        )
        await agent.tracker_store.save(tracker)


async def _problems(agent: Any) -> list[str]:
    """What is wrong with this server, in words; empty if nothing."""
    if agent is None or not agent.is_ready():
        return ["no model is loaded"]
    store = agent.tracker_store
    found: list[str] = []
    # Rasa answers on from memory when its database fails, and says so only in a log line
    if getattr(store, "_fallback_tracker_store", None) is not None:
        found.append("the tracker store fell back to memory: history is being lost; restart Rasa")
    inner = getattr(store, "_tracker_store", store)
    try:
        tracker = DialogueStateTracker(HEALTH_SENDER, (agent.domain or Domain.empty()).slots)
        await inner.save(tracker)
        await inner.retrieve(HEALTH_SENDER)
    except Exception as error:  # any failure of the database is what is looked for
        found.append(f"the tracker store does not answer: {error.__class__.__name__}")
    return found
