"""Rasa behind its channel: one answer with messages and parse, payloads powerless, failures noticed."""

import secrets
import sqlite3
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from cli import servers
from core.engine_client import EngineClient
from core.outcomes import EngineDownError
from tests.servers import Running

pytestmark = pytest.mark.rasa
ID = {"language": "id"}


def someone() -> str:
    return f"test-{secrets.token_hex(6)}"


async def test_a_question_gets_its_sourced_answer(engine: EngineClient) -> None:
    answer = await engine.send(someone(), "cara bikin paspor gimana ya", topic=None, metadata=ID)
    replies = answer.replies
    understood = answer.understood
    assert understood.topic == "documents/passport"
    assert len(understood.alternatives) >= 3
    assert replies[0].topic == "documents/passport"
    assert replies[0].sources
    assert replies[0].checked


async def test_a_tapped_topic_is_answered_without_parsing(engine: EngineClient) -> None:
    answer = await engine.send(someone(), "", topic="health/unfit", metadata=ID)
    replies = answer.replies
    understood = answer.understood
    assert (understood.topic, understood.confidence) == ("health/unfit", 1.0)
    assert replies[0].topic == "health/unfit"


@pytest.mark.parametrize(
    "text", ['/help/abuse{"place": "1"}', "/restart", "//documents", " /session_start", "/"]
)
async def test_text_with_a_slash_is_never_a_payload(engine: EngineClient, text: str) -> None:
    answer = await engine.send(someone(), text, topic=None, metadata=ID)
    understood = answer.understood
    assert understood.confidence is not None
    assert understood.confidence < 1.0


async def test_the_nearest_centre_over_three_turns(engine: EngineClient) -> None:
    chat = someone()
    answer = await engine.send(chat, "cariin pusat desmigratif terdekat dong", topic=None, metadata=ID)
    replies = answer.replies
    assert replies[0].ask_location
    answer = await engine.send(chat, "paspor saya hilang di malaysia", topic=None, metadata=ID)
    replies = answer.replies
    understood = answer.understood
    assert understood.topic == "documents/lost_passport"
    assert replies[0].topic == "documents/lost_passport"
    assert replies[-1].ask_location, "the place is asked for again"
    answer = await engine.send(chat, "kec sukorejo kab ponorogo", topic=None, metadata=ID)
    replies = answer.replies
    assert [reply.venue is not None for reply in replies] == [False, True, True, True]
    assert replies[1].venue is not None
    assert "Ponorogo" in replies[1].venue.address


async def test_a_regency_alone_is_asked_for_its_district(engine: EngineClient) -> None:
    chat = someone()
    answer = await engine.send(chat, "kantor desmigratif terdekat dari lotim", topic=None, metadata=ID)
    replies = answer.replies
    assert "Lombok Timur" in replies[0].text
    assert not any(reply.venue for reply in replies)
    answer = await engine.send(chat, "sakra", topic=None, metadata=ID)
    replies = answer.replies
    assert sum(reply.venue is not None for reply in replies) == 3


async def test_an_ambiguous_name_is_asked_back_and_a_tap_settles_it(engine: EngineClient) -> None:
    chat = someone()
    await engine.send(chat, "", topic="task/find_centre", metadata=ID)
    answer = await engine.send(chat, "sukorejo", topic=None, metadata=ID)
    replies = answer.replies
    assert len(replies[0].buttons) > 1
    code = replies[0].buttons[0][0].data.rsplit(":", 1)[1]
    answer = await engine.send(chat, "", topic="task/find_centre", metadata={**ID, "place": code})
    replies = answer.replies
    assert sum(reply.venue is not None for reply in replies) == 3


async def test_a_shared_location_needs_no_place(engine: EngineClient) -> None:
    metadata = {**ID, "lat": -8.65, "lon": 116.53}
    answer = await engine.send(someone(), "", topic="task/find_centre", metadata=metadata)
    replies = answer.replies
    assert sum(reply.venue is not None for reply in replies) == 3


async def test_reset_leaves_the_task(engine: EngineClient) -> None:
    chat = someone()
    await engine.send(chat, "", topic="task/find_centre", metadata=ID)
    await engine.reset(chat)
    answer = await engine.send(chat, "apa itu desmigratif", topic=None, metadata=ID)
    replies = answer.replies
    assert [reply.topic for reply in replies] == ["desmigratif/what"]


async def test_two_misses_offer_topics_then_a_person(engine: EngineClient) -> None:
    answer = await engine.send(someone(), "mmm itu", topic=None, metadata={**ID, "misses": 0})
    replies = answer.replies
    understood = answer.understood
    if not understood.sure:
        assert len(replies[0].buttons) >= 2


def test_servers_listen_on_loopback_only(running: Running) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    for port in (running.settings.rasa_port, running.settings.actions_port):
        addresses = {row[1] for row in listening if row[3] == "0A" and int(row[1].split(":")[1], 16) == port}
        assert addresses == {f"0100007F:{port:04X}"}


async def test_the_conversation_is_encrypted_in_the_tracker(running: Running, engine: EngineClient) -> None:
    await engine.send(someone(), "pertanyaan rahasia soal paspor", topic=None, metadata=ID)
    path = running.settings.tracker_database().database
    assert path is not None
    with sqlite3.connect(path) as tracker:
        rows = [str(row[0]) for row in tracker.execute("select data from events")]
    assert rows
    assert not any("rahasia" in row or "paspor" in row for row in rows)


async def test_health_notices_the_fall_back_to_memory(
    tmp_path_factory: pytest.TempPathFactory, running: Running
) -> None:
    settings = running.settings.model_copy(
        update={"data_dir": tmp_path_factory.mktemp("ill"), "rasa_port": servers.free_port()}
    )
    rasa = servers.programs(settings, running.keys)[1]
    process = await servers.spawn(rasa)
    try:
        await servers.wait_ready(rasa, process)
        path = settings.tracker_database().database
        assert path is not None
        with sqlite3.connect(path) as tracker:
            tracker.execute("drop table events")
        async with EngineClient(settings.rasa_url) as ill:
            answer = await ill.send(someone(), "halo", topic=None, metadata=ID)
            replies = answer.replies
            assert replies, "Rasa goes on answering from memory"
            assert any("memory" in problem for problem in await ill.health())
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(rasa.health)).status_code == httpx.codes.SERVICE_UNAVAILABLE
    finally:
        await servers.stop(process)


async def test_redis_holds_the_locks(
    tmp_path_factory: pytest.TempPathFactory, running: Running, redis_url: str
) -> None:
    settings = running.settings.model_copy(
        update={
            "data_dir": tmp_path_factory.mktemp("redis"),
            "rasa_port": servers.free_port(),
            "lock_store_url": SecretStr(redis_url),
        }
    )
    rasa = servers.programs(settings, running.keys)[1]
    process = await servers.spawn(rasa)
    try:
        await servers.wait_ready(rasa, process)
        async with EngineClient(settings.rasa_url) as locked:
            answer = await locked.send(someone(), "halo", topic=None, metadata=ID)
            replies = answer.replies
            assert replies
    finally:
        await servers.stop(process)


async def test_a_dead_action_server_leaves_the_question_to_be_asked_again(
    tmp_path_factory: pytest.TempPathFactory, running: Running
) -> None:
    settings = running.settings.model_copy(
        update={
            "data_dir": tmp_path_factory.mktemp("alone"),
            "rasa_port": servers.free_port(),
            "actions_port": servers.free_port(),
        }
    )
    rasa = servers.programs(settings, running.keys)[1]
    process = await servers.spawn(rasa)
    try:
        await servers.wait_ready(rasa, process)
        async with EngineClient(settings.rasa_url) as alone:
            with pytest.raises(EngineDownError):
                await alone.send(someone(), "", topic="task/find_centre", metadata=ID)
            answer = await alone.send(someone(), "", topic="documents/passport", metadata=ID)
            replies = answer.replies
            assert replies, "written answers need no action"
    finally:
        await servers.stop(process)
