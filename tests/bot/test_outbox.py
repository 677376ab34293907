"""The outbox: in which order and at which pace messages go out, and what can be sent."""

from bot import limits
from core.replies import Choice, Reply, Venue
from tests.bot.fakes import until
from tests.bot.office import texts


async def test_order_within_a_chat_and_purged_after(office):
    office.start()
    user = await office.queue("a", *(f"pesan {n}" for n in range(4)))
    rows = await office.settled(4)
    assert texts(user) == [f"pesan {n}" for n in range(4)]
    assert {row.state for row in rows} == {"sent"}
    assert all(row.call == {} and row.sent_at for row in rows)
    assert [row.external_id for row in rows] == [message.id for message in user.replies]


async def test_urgent_goes_first(office):
    await office.queue("a", "biasa")
    user = await office.queue("a", "kartu", urgent=True)
    office.start()
    await office.settled(2)
    assert texts(user) == ["kartu", "biasa"]


async def test_everything_that_can_be_sent(office):
    office.start()
    button = ((Choice("A", "1:m:"),),)
    user = await office.queue(
        "a", Reply("Menu", buttons=button), Reply("", venue=Venue("Balai", "Jl. X", -6.5, 108.0)),
        Reply("Di mana?", ask_location=True),
    )  # fmt: skip
    rows = await office.settled(3)
    await office.queue("a", Reply("Menu baru", buttons=button), edit=rows[0].external_id)
    await office.queue("a", Reply("Menu baru", buttons=button), edit=rows[0].external_id)
    rows = await office.settled(5)
    assert {row.state for row in rows} == {"sent"}
    assert user.replies[0].content["text"] == "Menu baru"
    assert user.keys()


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_one(office):
    office.start()
    user = await office.queue("a", "Menu", edit=999_999)
    await office.settled(1)
    assert texts(user) == ["Menu"]


async def test_limits_are_kept(office):
    for n in range(8):
        await office.queue(f"orang {n}", "satu", "dua")
    await office.queue("banyak", *(f"pesan {n}" for n in range(7)))
    office.start()
    await office.settled(23)
    report = office.double.flood_report()
    assert report.kept, report
    assert office.double.burst >= limits.CHAT_BURST


async def test_stopping_lets_the_one_under_way_arrive(office):
    office.double.delays(0.5, "sendMessage")
    office.start()
    user = await office.queue("a", "satu", "dua")
    await until(lambda: office.double.calls("sendMessage"))
    await office.stop()
    rows = await office.rows()
    assert [row.state for row in rows] == ["sent", "queued"]
    assert texts(user) == ["satu"]


async def test_direct(office):
    user = office.double.user("a")
    user.chat.started = True
    await office.outbox.direct(user.id, Reply("kartu"), "id")
    assert texts(user) == ["kartu"]
