import asyncio

import pytest

from bot import dispatch, polling
from core import demo
from core.outcomes import Outcome
from core.replies import Choice, Reply
from core.storage import models
from tests.bot.fakes import EchoHandler, until

DANGER = "tolong majikan pukul saya sampai berdarah"
MODES = ["polling", "webhook"]


@pytest.mark.parametrize("mode", MODES)
async def test_a_question_is_answered_logged_and_purged(start, double, rows, mode):
    await start(mode)
    siti = double.user("siti")
    await siti.says("apa syarat ke taiwan")
    reply = await siti.next_message()
    assert reply.content["text"].startswith("jawab: apa syarat ke taiwan")
    async with asyncio.timeout(30):
        while not all(r.state == "sent" for r in await rows(models.Outgoing)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    said, answer = await rows(models.Message)
    assert (said.direction, said.kind, said.topic) == ("in", "text", "documents/passport")
    assert said.confidence == pytest.approx(0.91)
    assert said.alternatives == [{"topic": "documents/checklist", "confidence": 0.05}]
    assert (answer.direction, answer.kind, answer.reply_to) == ("out", "answer", said.id)
    assert answer.latency_ms >= 0
    (update,) = await rows(models.Update)
    assert update.done_at is not None
    assert update.turn == {}
    assert siti.seen("typing")


@pytest.mark.parametrize("mode", MODES)
async def test_order_within_a_chat_many_chats_at_once(start, double, handler, mode):
    # the first of each chat takes longest
    handler.slow = lambda turn: 0.05 if turn.text.endswith("0") else 0.0
    await start(mode)
    people = [double.user(f"orang {n}") for n in range(6)]
    for number in range(3):
        for person in people:
            await person.says(f"tanya {number}")
    for person in people:
        for number in range(3):
            assert (await person.next_message()).content["text"].startswith(f"jawab: tanya {number}")


@pytest.mark.parametrize("mode", MODES)
async def test_danger_gets_card_and_answer(start, double, rows, mode):
    await start(mode)
    siti = double.user("siti")
    await siti.says(DANGER)
    assert (await siti.next_message()).content["text"] == "Kartu help/abuse id"
    assert (await siti.next_message()).content["text"].startswith("jawab:")
    (chat,) = await rows(models.Chat)
    assert chat.danger == "help/abuse"


async def test_a_card_comes_while_the_engine_and_then_the_database_is_down(start, double, handler, outage):
    handler.down = True
    await start()
    siti, ani = double.user("siti"), double.user("ani")
    await siti.says(DANGER)
    assert (await siti.next_message()).content["text"].startswith("Kartu")
    outage.on = True
    await ani.says(DANGER)
    assert (await ani.next_message()).content["text"].startswith("Kartu")
    handler.down = outage.on = False
    assert (await siti.next_message()).content["text"].startswith("jawab")
    assert (await ani.next_message()).content["text"].startswith("jawab")
    assert len(ani.replies) == 2


async def test_taps_are_answered_and_edit_in_place(start, double, handler):
    menu = Reply("Menu", buttons=((Choice("Dokumen", "1:m:documents"),),))
    handler.outcome = lambda chat, turn: Outcome(
        chat, (Reply("Halaman dokumen") if turn.kind == "tap" else menu,), kind="menu", in_place=turn.kind == "tap"
    )  # fmt: skip
    await start()
    siti = double.user("siti")
    await siti.says("/menu")
    shown = await siti.next_message()
    await siti.taps("Dokumen")
    assert (await siti.next_answer())["text"] == ""
    edited = await siti.next_edit()
    assert edited.id == shown.id
    assert edited.content["text"] == "Halaman dokumen"
    assert len(siti.replies) == 1


async def test_feedback_is_kept_and_thanked(start, double, rows):
    await start()
    siti = double.user("siti")
    await siti.says("apa")
    await siti.next_message()
    await siti.taps("Membantu? 👍")
    assert (await siti.next_answer())["text"] == "Terima kasih"
    assert [m.feedback for m in await rows(models.Message) if m.direction == "out"] == [1]


async def test_nobody_rates_for_another(start, double, rows):
    await start()
    siti, ani = double.user("siti"), double.user("ani")
    for person in (siti, ani):
        await person.says("apa")
        await person.next_message()
    (foreign, _own) = (m.id for m in await rows(models.Message) if m.direction == "out")
    double.push("callback_query", {
        "id": "999", "from": ani.profile, "chat_instance": "1", "data": f"1:f:-:{foreign}",
        "message": ani.replies[0].as_json(),
    }, ani.id)  # fmt: skip
    async with asyncio.timeout(30):
        while sum(u.done_at is not None for u in await rows(models.Update)) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert {m.feedback for m in await rows(models.Message)} == {None}


async def test_the_engine_is_waited_for_and_menus_go_on(start, double, handler, monkeypatch):
    monkeypatch.setattr(dispatch, "NOTICE_AFTER_S", 0.2)
    handler.down = True
    await start()
    siti = double.user("siti")
    await siti.says("satu")
    notice = await siti.next_message()
    assert notice.content["text"] == "sedang lambat"
    await siti.says("dua")
    await siti.says("/darurat")
    assert (await siti.next_message()).content["text"].startswith("jawab: darurat")
    handler.down = False
    assert (await siti.next_message()).content["text"].startswith("jawab: satu")
    assert (await siti.next_message()).content["text"].startswith("jawab: dua")
    assert [m.content["text"] for m in siti.replies].count("sedang lambat") == 1


async def test_a_hanging_engine_is_told_too(start, double, handler, monkeypatch):
    monkeypatch.setattr(dispatch, "NOTICE_AFTER_S", 0.1)
    handler.slow = lambda turn: 1.0 if turn.kind == "text" else 0.0
    await start()
    siti = double.user("siti")
    await siti.says("satu")
    assert (await siti.next_message()).content["text"] == "sedang lambat"
    assert (await siti.next_message()).content["text"].startswith("jawab: satu")


async def test_a_failing_turn_is_tried_and_then_apologised_for(start, double, handler, caplog):
    handler.broken = 2
    await start()
    siti = double.user("siti")
    await siti.says("rahasia saya")
    assert (await siti.next_message()).content["text"].startswith("jawab: rahasia")
    handler.broken = dispatch.TRIES
    await siti.says("rahasia lagi")
    assert (await siti.next_message()).content["text"].startswith("Maaf")
    await siti.says("terus")
    assert (await siti.next_message()).content["text"].startswith("jawab: terus")
    assert "rahasia" not in caplog.text


async def test_what_an_earlier_process_left_is_taken_up(start, double, handler, rows):
    handler.down = True
    first = await start()
    siti = double.user("siti")
    await siti.says("satu")
    await siti.says("dua")
    await until(lambda: handler.seen)
    async with asyncio.timeout(30):
        while len(await rows(models.Update)) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await first.stop()
    handler.down = False
    await start()
    assert (await siti.next_message()).content["text"].startswith("jawab: satu")
    assert (await siti.next_message()).content["text"].startswith("jawab: dua")


async def test_groups_are_declined_once_and_without_a_menu(start, double, handler):
    handler.outcome = lambda chat, turn: Outcome(
        chat, (Reply("Maaf, hanya pribadi", buttons=((Choice("A", "1:m:"),),)),), kind="menu"
    )
    await start()
    siti = double.user("siti")
    family = double.group("Keluarga")
    await siti.says("halo bot", into=family.chat)
    await siti.says("halo lagi", into=family.chat)
    declined = await family.next_message()
    assert declined.content["text"] == "Maaf, hanya pribadi"
    assert not declined.markup
    await siti.says("di sini saja")
    await siti.next_message()
    assert len(family.replies) == 1


async def test_erasing(start, double, rows):
    await start()
    siti = double.user("siti")
    await siti.says("apa")
    first = await siti.next_message()
    double.push("callback_query", {
        "id": "77", "from": siti.profile, "chat_instance": "1", "data": "1:x:yes", "message": first.as_json(),
    }, siti.id)  # fmt: skip
    assert (await siti.next_edit()).content["text"] == "Semua dihapus"
    async with asyncio.timeout(30):
        while await rows(models.Chat):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for table in (models.Message, models.Update, models.Outgoing):
        assert await rows(table) == []
    await siti.says("halo lagi")
    assert (await siti.next_message()).content["text"].startswith("jawab: halo lagi")


async def test_erasing_takes_what_was_on_its_way(start, double, rows):
    await start()
    siti = double.user("siti")
    await siti.says("apa")
    first = await siti.next_message()
    double.delays(1.0, "sendMessage")
    await siti.says("lagi")
    await siti.next_message()  # stands on the phone, and the bot does not know its number yet
    double.push("callback_query", {
        "id": "77", "from": siti.profile, "chat_instance": "1", "data": "1:x:yes", "message": first.as_json(),
    }, siti.id)  # fmt: skip
    assert (await siti.next_edit()).content["text"] == "Semua dihapus"
    assert [message.text for message in siti.messages] == ["Semua dihapus"]
    async with asyncio.timeout(30):
        while await rows(models.Chat):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("mode", MODES)
async def test_updates_of_every_kind_are_taken(start, double, mode):
    await start(mode)
    siti = double.user("siti")
    said = await siti.says("apa")
    await siti.sends_sticker()
    await siti.sends_voice()
    await siti.sends_photo()
    await siti.sends_document()
    await siti.shares_contact()
    await siti.shares_location(-6.5, 108.1)
    await siti.forwards("lowongan")
    await siti.edits(said, "apa ya")
    await siti.sends({})
    wanted = ["apa", "sticker", "voice", "photo", "document", "contact", "", "lowongan", "edit", "empty"]
    for name in wanted:
        text = (await siti.next_message()).content["text"]
        assert text.startswith(f"jawab: {name}".strip()), text


@pytest.mark.parametrize("mode", MODES)
async def test_malformed_updates_do_not_stop_the_others(start, double, mode):
    await start(mode)
    siti = double.user("siti")
    for body in (
        {},
        {"message_id": "x"},
        {"message_id": 1, "date": 10**30, "chat": {"id": 5, "type": "private"}},
    ):
        double.push("message", body)
    await siti.says("apa")
    assert (await siti.next_message()).content["text"].startswith("jawab: apa")


@pytest.mark.parametrize("mode", MODES)
async def test_a_repeated_update_is_answered_once(start, double, mode):
    await start(mode)
    siti = double.user("siti")
    said = await siti.says("apa")
    await siti.next_message()
    double.repeats(said.update_id)
    await siti.says("lalu")
    assert (await siti.next_message()).content["text"].startswith("jawab: lalu")
    assert len(siti.replies) == 2


@pytest.mark.parametrize("mode", MODES)
async def test_nothing_is_acknowledged_while_the_database_is_down(start, double, outage, mode, monkeypatch):
    monkeypatch.setattr(polling, "_LONGEST_PAUSE_S", 0.1)
    await start(mode)
    siti = double.user("siti")
    await siti.says("apa")
    await siti.next_message()
    outage.on = True
    await siti.says("lalu")
    await asyncio.sleep(0.3)
    assert double.world.pending
    outage.on = False
    assert (await siti.next_message()).content["text"].startswith("jawab: lalu")


async def test_handler_is_a_turn_handler():
    from core.outcomes import TurnHandler

    handler: TurnHandler = EchoHandler()
    assert handler


async def test_no_bot_among_invented_conversations(start, database):
    async with database.begin() as session:
        session.add(models.Fact(key=demo.FACT, value="1"))
    running = await start("polling")
    with pytest.raises(demo.DemoError, match="desmi demo --remove"):
        await asyncio.wait_for(running.task, 30)
