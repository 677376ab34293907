"""The dialogue engine behind HTTP: one request a turn, over loopback (`nlu/components/channel.py` answers)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import httpx

from core.answers import PREFIX, AnswerError, answer_from
from core.outcomes import Alternative, EngineAnswer, EngineDownError, Understanding
from core.replies import Choice, Reply
from core.tasks.task import Step

logger = logging.getLogger(__name__)

TIMEOUT_S = 15.0
"""A turn takes under 0.1 s; past this the server is taken for dead and the turn tried again."""


class EngineClient:
    """Implements `core.outcomes.Engine`."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        """`url`: scheme, host and port of the server; `timeout_s`: how long an answer may take."""
        self._client = httpx.AsyncClient(
            base_url=f"{url}/webhooks/desmi", timeout=httpx.Timeout(timeout_s, connect=2.0), trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(
        self, sender: str, text: str, *, topic: str | None, metadata: Mapping[str, Any]
    ) -> EngineAnswer:
        """See `core.outcomes.Engine`."""
        body = {"sender": sender, "text": text, "topic": topic, "metadata": dict(metadata)}
        data = await self._post("/webhook", body)
        replies: list[Reply] = []
        step: Step | None = None
        for message in data["messages"]:
            if (found := _step(message)) is not None:
                step = found
                replies += found.replies
            elif (reply := _reply(message)) is not None:
                replies.append(reply)
        return EngineAnswer(tuple(replies), _understanding(data["parse"]), step, data.get("loop"))

    async def parse(
        self, texts: list[str], told: Sequence[Mapping[str, Any]] | None = None
    ) -> list[Understanding]:
        """See `core.outcomes.Engine`."""
        data = await self._post("/parse", {"texts": texts, "metadata": [dict(facts) for facts in told or ()]})
        return [_understanding(parse) for parse in data["parses"]]

    async def reset(self, sender: str) -> None:
        """See `core.outcomes.Engine`."""
        await self._post("/reset", {"sender": sender})

    async def forget(self, sender: str) -> None:
        """See `core.outcomes.Engine`."""
        await self._post("/forget", {"sender": sender})

    async def health(self) -> list[str]:
        """What is wrong with the server, in words; empty when it is well."""
        try:
            response = await self._client.get("/health")
            return [str(problem) for problem in response.json()["problems"]]
        except (httpx.HTTPError, ValueError, KeyError):
            return ["Rasa does not answer"]

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        try:
            response = await self._client.post(path, json=body)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise EngineDownError(f"the engine: {error.__class__.__name__}") from error


def _understanding(parse: Mapping[str, Any]) -> Understanding:
    decided = parse["topic"] or {"name": None, "confidence": 0.0, "sure": False}
    return Understanding(
        decided["name"],
        round(float(decided["confidence"]), 4),
        bool(decided["sure"]),
        tuple(Alternative(a["topic"], a["confidence"]) for a in parse["alternatives"]),
        tuple(parse["entities"]),
        tuple(Alternative(q["topic"], q["confidence"]) for q in parse["questions"]),
    )


def _step(message: Mapping[str, Any]) -> Step | None:
    """What a task does next, as our actions send it."""
    custom = message.get("custom")
    return Step.from_dict(custom["step"]) if isinstance(custom, Mapping) and "step" in custom else None


def _reply(message: Mapping[str, Any]) -> Reply | None:
    """A message as a reply: our own actions send whole replies, written answers text and metadata."""
    custom = message.get("custom")
    if isinstance(custom, Mapping) and "reply" in custom:
        return Reply.from_dict(custom["reply"])
    text = message.get("text")
    if not text:
        return None
    name = str(message.get("utter_action") or "")
    buttons = tuple((Choice(b["title"], b["payload"]),) for b in message.get("buttons") or ())
    if not name.startswith(PREFIX) or not message.get("metadata"):
        return Reply(text, buttons=buttons)
    try:
        return replace(
            answer_from(name.removeprefix(PREFIX), text, message["metadata"]).reply(), buttons=buttons
        )
    except AnswerError:
        logger.exception("an answer without its sources was not shown as one")
        return None
