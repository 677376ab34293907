"""A cancellation that a failing call has hidden is heeded all the same."""

import asyncio

import pytest

from core.cancellation import cancel_once, heed_cancellation


async def test_a_hidden_cancellation_ends_the_loop() -> None:
    rounds = 0

    async def loop() -> None:
        nonlocal rounds
        while True:
            try:
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError as error:
                    raise OSError("the driver's own error") from error
            except OSError:
                heed_cancellation()
            rounds += 1

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(5):
            await task
    assert rounds == 0


async def test_without_a_cancellation_nothing_happens() -> None:
    heed_cancellation()


async def test_what_tidies_up_is_not_broken_off() -> None:
    tidied = False

    async def work() -> None:
        nonlocal tidied
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            tidied = True

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    cancel_once(task)
    await asyncio.sleep(0)
    cancel_once(task)
    await asyncio.wait({task})
    assert tidied
    cancel_once(task)
