import asyncio

import pytest
from telegram.error import InvalidToken

from bot import intake, polling
from bot.updates import ALLOWED
from core.storage import models
from tests.bot.fakes import until


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    for name in ("_FIRST_PAUSE_S", "_LONGEST_PAUSE_S", "CONFLICT_S"):
        monkeypatch.setattr(polling, name, 0.02)


async def answers(double, text="apa"):
    siti = double.user("siti")
    await siti.says(text)
    return (await siti.next_message()).content["text"].startswith(f"jawab: {text}")


async def test_only_what_is_wanted_is_asked_for(start, double):
    await start()
    assert await answers(double)
    (removal,) = double.calls("deleteWebhook")
    assert str(removal.params.get("drop_pending_updates", False)).lower() == "false"
    polls = double.calls("getUpdates")
    assert all(name in str(polls[0].params["allowed_updates"]) for name in ALLOWED)
    assert "inline_query" not in str(polls[0].params["allowed_updates"])


async def test_backlog_is_answered(start, double):
    siti = double.user("siti")
    await siti.says("sebelum mulai")
    await start()
    assert (await siti.next_message()).content["text"].startswith("jawab: sebelum mulai")


async def test_conflict_is_explained_and_outlived(start, double, caplog):
    double.conflicts(times=2)
    await start()
    assert await answers(double)
    assert "409 Conflict" in caplog.text
    assert "Stop the other program" in caplog.text


@pytest.mark.parametrize(("kind", "how"), [
    ("breaks", {"status": 502}), ("breaks", {"status": 500, "html": True}), ("floods", {"retry_after": 1}),
    ("drops", {}), ("loses", {}),
])  # fmt: skip
@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
async def test_trouble_is_outlived(start, double, kind, how, method):
    getattr(double, kind)(method, **how)
    await start()
    assert await answers(double)


async def test_a_server_that_goes_away_is_found_again(start, double):
    await start()
    assert await answers(double)
    await double.goes_down()
    await asyncio.sleep(0.1)
    await double.comes_up()
    assert await answers(double, "lagi")


async def test_a_revoked_token_ends_it(start, double):
    running = await start()
    assert await answers(double)
    double.breaks("getUpdates", status=401, description="Unauthorized", times=-1)
    siti = double.user("siti")
    await siti.says("x")
    with pytest.raises(InvalidToken):
        await running.task


async def test_an_update_that_cannot_be_taken_does_not_keep_the_others(
    start, double, rows, monkeypatch, caplog
):
    running = await start()
    masks = intake.redact

    def trips(text, keep):
        if "racun" in text:
            raise RuntimeError(text)
        return masks(text, keep=keep)

    monkeypatch.setattr(intake, "redact", trips)
    siti = double.user("siti")
    await siti.says("racun")
    assert await answers(double)
    assert len(await rows(models.Update)) == 1
    assert "racun" not in caplog.text
    assert not running.task.done()


async def test_a_guard_that_fails_loses_no_question(start, double, guard, monkeypatch, caplog):
    def trips(text):
        raise RuntimeError(text)

    monkeypatch.setattr(guard, "check", trips)
    await start()
    assert await answers(double)
    assert "the guard failed" in caplog.text


async def test_committed_before_acknowledged(start, double, rows):
    """The double forgets an update only when a later poll acknowledges it; by then it is in the database."""
    await start()
    siti = double.user("siti")
    said = await siti.says("apa")
    await until(lambda: said.update_id not in double.world.pending)
    assert [u.update_id for u in await rows(models.Update)] == [said.update_id]
