"""Cancellation: a loop that outlives failures must not outlive its own end."""

import asyncio


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
