"""Cancellation: a loop that outlives failures must not outlive its own end, nor be broken off while it tidies up."""

import asyncio
from typing import Any


def heed_cancellation() -> None:
    """Raise the cancellation of this task that a failing call may have hidden.

    A database call that is cancelled halfway may raise the driver's error in place of the cancellation; a loop that catches the
    error, logs it and goes on would then never end.

    Raises:
        asyncio.CancelledError: The task was cancelled.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def cancel_once(task: "asyncio.Task[Any]") -> None:
    """Cancel a task that is not being cancelled yet.

    A second cancellation would break off what the first one began to tidy up. With a SQLite connection that is being closed, the
    driver then waits for ever for an answer of a thread that has ended.
    """
    if not task.done() and not task.cancelling():
        task.cancel()
