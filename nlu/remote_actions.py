"""Calls to the action server: a short time-out, and failures that the channel gets to know.

Rasa logs a failed action and goes on as if it had said nothing; the person's question would be lost.
"""

from contextvars import ContextVar
from typing import Any

TIMEOUT_S = 8
"""Longest wait for an action; Rasa's own is five minutes, longer than its conversation lock lives."""

failed_actions: ContextVar[list[str] | None] = ContextVar("failed_actions", default=None)
"""Names of the actions that failed in the present request; the channel sets a list before it hands over."""


def watch() -> None:
    """Change Rasa's remote actions for this process."""
    from rasa.core.actions import action

    run = action.RemoteAction.run

    async def run_and_note(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await run(self, *args, **kwargs)
        except action.ActionExecutionRejection:
            raise  # not a failure: a form lets another topic answer
        except Exception:
            noted = failed_actions.get()
            if noted is not None:
                noted.append(self.name())
            raise

    action.RemoteAction.run = run_and_note
    action.DEFAULT_REQUEST_TIMEOUT = TIMEOUT_S
