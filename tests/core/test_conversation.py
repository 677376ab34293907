"""The conversation, with an engine that says what it is told: every kind of turn, and what goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import plain_yaml
from core.answers import Answer, read_answers
from core.codes import Code, Kind
from core.conversation import SURE_OF_DANGER, Conversation
from core.languages import LANGUAGES
from core.outcomes import Alternative, ChatState, EngineAnswer, EngineDownError, Outcome, Understanding
from core.replies import Choice, Reply, Source
from core.settings import ROOT
from core.tasks import registry
from core.tasks.task import Step, TaskState
from core.topics import EMERGENCIES, OUT_OF_SCOPE, THEME_TITLES, topics
from core.turns import Turn
from tests.core.fake_engine import KNOWN, FakeEngine
from tests.core.tasks.small_task import SetCountry, SmallTask

ANSWERS = read_answers()
CHAT = ChatState("chat-1")
COMMANDS = (
    "start",
    "menu",
    "help",
    "kantor",
    "dokumen",
    "pengingat",
    "darurat",
    "bahasa",
    "privasi",
    "privacy",
    "hapus",
    "batal",
    "petugas",
    "izin",
)
OTHERS = ("sticker", "voice", "photo", "document", "contact", "poll", "edit", "forward", "group", "empty", "")
CANCEL = plain_yaml.load((ROOT / "content" / "phrases.yml").read_text("utf-8"))["cancel"]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def conversation(engine: FakeEngine) -> Conversation:
    return Conversation(engine, ANSWERS)


def tap(kind: Kind, value: str = "") -> Turn:
    return Turn("tap", str(Code(kind, value)))


def choices(outcome: Outcome) -> Iterator[Choice]:
    return (choice for reply in outcome.replies for row in reply.buttons for choice in row)


def is_main_menu(outcome: Outcome) -> bool:
    codes = {choice.data for choice in choices(outcome)}
    return {str(Code(Kind.THEME, theme)) for theme in THEME_TITLES if theme != "task"} <= codes


# commands


@pytest.mark.parametrize("name", ["start", "menu", "help"])
async def test_menus_by_command(conversation: Conversation, engine: FakeEngine, name: str) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name))
    assert outcome.kind == "menu"
    assert is_main_menu(outcome)
    assert not engine.sent


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("kantor", "task/find_centre"),
        ("privasi", "bot/privacy"),
        ("privacy", "bot/privacy"),
    ],
)
async def test_commands_that_ask_the_engine(
    conversation: Conversation, engine: FakeEngine, name: str, topic: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name, argument="apa saja"))
    assert [(sender, text, asked) for sender, text, asked, _ in engine.sent] == [("chat-1", "", topic)]
    assert outcome.understood.topic == topic


async def test_the_emergency_menu_names_every_danger_and_a_number(conversation: Conversation) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "darurat"))
    codes = {choice.data for choice in choices(outcome)}
    assert {str(Code(Kind.TOPIC, topic)) for topic in EMERGENCIES} <= codes
    assert "0-800-1000" in outcome.replies[0].text.replace(" ", "-")


async def test_languages_and_erasing_are_asked_by_command(conversation: Conversation) -> None:
    spoken = await conversation.handle(CHAT, Turn("command", "bahasa"))
    assert [c.text for c in choices(spoken)] == [language.name for language in LANGUAGES.values()]
    erase = await conversation.handle(CHAT, Turn("command", "hapus"))
    assert [c.data for c in choices(erase)] == ["1:x:yes", "1:x:no"]
    assert not erase.erase


async def test_cancelling_leaves_the_task(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "batal"))
    assert engine.resets == ["chat-1"]
    assert outcome.remove_keyboard
    assert is_main_menu(outcome)


@pytest.mark.parametrize("name", ["", "hapuss", "help/abuse{}", "restart", "START", "1:x:yes"])
async def test_an_unknown_command_shows_the_menu(
    conversation: Conversation, engine: FakeEngine, name: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", name))
    assert is_main_menu(outcome)
    assert not engine.sent
    assert not outcome.erase


# taps


@pytest.mark.parametrize("topic", sorted(ANSWERS))
async def test_every_topic_can_be_tapped(conversation: Conversation, engine: FakeEngine, topic: str) -> None:
    outcome = await conversation.handle(replace(CHAT, misses=3), tap(Kind.TOPIC, topic))
    assert engine.sent[0][2] == topic
    assert outcome.understood == Understanding(topic, 1.0)
    assert outcome.danger is None, "who chooses to read about it need not be in danger"
    assert outcome.chat.misses == 0


@pytest.mark.parametrize("task", [topic for topic in topics() if topic.startswith("task/")])
async def test_every_task_can_be_tapped(conversation: Conversation, engine: FakeEngine, task: str) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.TASK, task.removeprefix("task/")))
    asked = {topic for _sender, _text, topic, _metadata in engine.sent}
    assert task in asked | {outcome.understood.topic}
    assert outcome.kind == "task"


async def test_pages_of_a_theme_are_turned_in_place(conversation: Conversation) -> None:
    for value in ("", "migration", "migration.1", "migration.2", "bot"):
        outcome = await conversation.handle(CHAT, tap(Kind.THEME, value))
        assert outcome.in_place
        assert outcome.replies[0].buttons


async def test_a_tapped_place_goes_to_the_task(conversation: Conversation, engine: FakeEngine) -> None:
    await conversation.handle(CHAT, tap(Kind.PLACE, "32.12.16"))
    assert engine.sent[0][2:] == (
        "task/find_centre",
        {"language": "id", "country": None, "misses": 0, "topics": [], "place": "32.12.16"},
    )


@pytest.mark.parametrize(
    ("value", "feedback"), [("+:17", (17, 1)), ("-:9", (9, -1)), (f"+:{2**63 - 1}", (2**63 - 1, 1))]
)
async def test_feedback(
    conversation: Conversation, engine: FakeEngine, value: str, feedback: tuple[int, int]
) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.HELPFUL, value))
    assert outcome.feedback == feedback
    assert outcome.notice
    assert not outcome.replies
    assert not engine.sent


@pytest.mark.parametrize("code", list(LANGUAGES))
async def test_the_language_changes_at_once(conversation: Conversation, code: str) -> None:
    outcome = await conversation.handle(CHAT, tap(Kind.LANGUAGE, code))
    assert outcome.chat.language == code
    assert outcome.language == code
    assert outcome.in_place
    assert is_main_menu(outcome)


async def test_erasing_needs_a_yes(conversation: Conversation) -> None:
    assert (await conversation.handle(CHAT, tap(Kind.ERASE, "yes"))).erase
    kept = await conversation.handle(CHAT, tap(Kind.ERASE, "no"))
    assert not kept.erase
    assert kept.replies


async def test_where_nobody_can_answer_numbers_are_named(
    conversation: Conversation, engine: FakeEngine
) -> None:
    outcome = await conversation.handle(CHAT, Turn("command", "petugas"))
    assert outcome.kind == "task"
    assert "[[" not in outcome.replies[0].text
    assert outcome.chat.task is None
    assert not engine.sent


OLD = (
    "", "x", ":", "::", "1", "1:", "1:t", "1:t:", "0:t:documents/passport", "2:t:documents/passport",
    "1:T:documents/passport", "1:t:documents/nothing", "1:t:task/find_centre", "1:t:documents", "1:t:../../etc",
    "1:m:nothing", "1:m:migration.99", "1:m:migration.0", "1:m:migration.²", "1:m:migration.-1", "1:m:task", "1:m:.1",
    "1:k:nothing", "1:k:", "1:f:", "1:f:+:", "1:f:*:1", "1:f:+:1.5", "1:f:+:²", "1:f:+:-1", "1:f:+:9223372036854775808",
    "1:f:+:" + "9" * 50, "1:l:", "1:l:xx", "1:l:../id", "1:x:", "1:x:YES", "1:x:maybe",
    "1:t:documents/passport" + "x" * 60, "1:m:" + "é" * 31, "/help/abuse{}", "\x00", "1:t:\x00", "\ud800", "1:t:\udfff",
)  # fmt: skip


@pytest.mark.parametrize("code", OLD)
async def test_old_and_foreign_buttons_show_the_menu(
    conversation: Conversation, engine: FakeEngine, code: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("tap", code))
    assert is_main_menu(outcome)
    assert "sudah lama" in outcome.replies[0].text
    assert not engine.sent
    assert not outcome.erase
    assert outcome.feedback is None


@settings(max_examples=300)
@given(st.one_of(st.text(), st.builds("1:{}:{}".format, st.sampled_from("tmkpflxh"), st.text())))
async def test_any_button_code_is_borne(code: str) -> None:
    outcome = await Conversation(FakeEngine(), ANSWERS).handle(CHAT, Turn("tap", code))
    assert outcome.replies or outcome.notice


# locations


async def test_a_location_looks_for_centres(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("location", lat=-8.65, lon=116.53))
    _sender, text, topic, metadata = engine.sent[0]
    assert (text, topic) == ("", "task/find_centre")
    assert (metadata["lat"], metadata["lon"]) == (-8.65, 116.53)
    assert outcome.remove_keyboard
    assert outcome.kind == "task"


# text


async def test_a_question_goes_to_the_engine_as_it_is(conversation: Conversation, engine: FakeEngine) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", "cara bikin paspor gimana"))
    assert engine.sent[0][:3] == ("chat-1", "cara bikin paspor gimana", None)
    assert outcome.understood.topic == "documents/passport"
    assert outcome.replies == (Reply("jawaban", topic="documents/passport"),)
    assert outcome.kind == "answer"


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000"])
async def test_an_empty_text_is_answered_kindly(
    conversation: Conversation, engine: FakeEngine, text: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", text))
    assert is_main_menu(outcome)
    assert not engine.sent


@pytest.mark.parametrize("text", ["hapus percakapan", "HAPUS PERCAKAPAN!", "tolong hapus percakapan ini"])
async def test_the_quick_exit_erases_without_the_engine(engine: FakeEngine, text: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", text))
    assert outcome.erase
    assert not list(choices(outcome))


@pytest.mark.parametrize("text", CANCEL)
async def test_every_cancel_word_stops_the_task(
    conversation: Conversation, engine: FakeEngine, text: str
) -> None:
    for said in (text, f"  {text.upper()}!! "):
        outcome = await conversation.handle(CHAT, Turn("text", said))
        assert outcome.remove_keyboard
    assert engine.resets == ["chat-1"] * 2
    assert not engine.sent


async def test_cancel_words_within_a_question_do_not_stop(
    conversation: Conversation, engine: FakeEngine
) -> None:
    await conversation.handle(CHAT, Turn("text", "kalau saya batal berangkat, uang kembali tidak?"))
    assert engine.sent
    assert not engine.resets


async def test_the_country_is_remembered_until_another_is_named(
    conversation: Conversation, engine: FakeEngine
) -> None:
    first = await conversation.handle(CHAT, Turn("text", "saya kerja di taiwan"))
    assert first.chat.country == "TW"
    second = await conversation.handle(first.chat, Turn("text", "gaji saya berapa"))
    assert second.chat.country == "TW"
    assert engine.sent[-1][3]["country"] == "TW"
    third = await conversation.handle(second.chat, Turn("text", "kalau malaysia?"))
    assert third.chat.country == "MY"


@pytest.mark.parametrize(
    ("text", "language"),
    [("cara bikin paspor gimana ya", "id"), ("piye carane gawe paspor to", "jv"), ("kumaha carana ngadamel paspor teh", "su"),
     ("how do I get a passport", "en")],
)  # fmt: skip
async def test_the_language_of_a_text_is_told_but_not_forced(
    conversation: Conversation, text: str, language: str
) -> None:
    outcome = await conversation.handle(CHAT, Turn("text", text))
    assert outcome.language == language
    assert outcome.chat.language == "id"


async def test_no_reply_of_the_engine_is_no_silence(engine: FakeEngine) -> None:
    engine.replies = []
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", "apa saja"))
    assert is_main_menu(outcome)


# doubt and misses


async def test_a_doubtful_answer_offers_what_else_it_may_be(engine: FakeEngine) -> None:
    others = (Alternative("documents/passport", 0.4), Alternative("documents/lost_passport", 0.3))
    engine.understood = Understanding("documents/passport", 0.4, alternatives=others)
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, Turn("text", "paspor"))
    assert outcome.replies[0].related == ("documents/lost_passport",)
    tapped = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TOPIC, "documents/passport"))
    assert tapped.replies[0].related == ()


async def test_misses_are_counted_told_and_reset(engine: FakeEngine) -> None:
    conversation = Conversation(engine, ANSWERS)
    engine.understood = Understanding(OUT_OF_SCOPE, 0.2, sure=False)
    engine.replies = [Reply("maaf", topic=OUT_OF_SCOPE)]
    first = await conversation.handle(CHAT, Turn("text", "mmm"))
    second = await conversation.handle(first.chat, Turn("text", "mmm"))
    assert [first.chat.misses, second.chat.misses] == [1, 2]
    assert [metadata["misses"] for *_rest, metadata in engine.sent] == [0, 1]
    engine.understood = Understanding("documents/passport", 0.9)
    assert (await conversation.handle(second.chat, Turn("text", "paspor"))).chat.misses == 0


# other kinds


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("what", OTHERS)
async def test_other_kinds_are_answered_kindly(
    conversation: Conversation, engine: FakeEngine, what: str, language: str
) -> None:
    outcome = await conversation.handle(replace(CHAT, language=language), Turn("other", what))
    assert len(outcome.replies[0].text) > 20
    assert not engine.sent


# danger


@pytest.mark.parametrize("topic", sorted(EMERGENCIES))
async def test_an_emergency_that_the_model_sees_is_danger(engine: FakeEngine, topic: str) -> None:
    conversation = Conversation(engine, ANSWERS)
    engine.understood = Understanding(topic, SURE_OF_DANGER)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger == topic
    engine.understood = Understanding(topic, SURE_OF_DANGER - 0.01)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger is None
    engine.understood = Understanding(topic, None)
    assert (await conversation.handle(CHAT, Turn("text", "kata-kata"))).danger is None


async def test_what_the_guard_found_stands(engine: FakeEngine) -> None:
    conversation = Conversation(engine, ANSWERS)
    assert (await conversation.handle(CHAT, Turn("text", "x y", danger="help/abuse"))).danger == "help/abuse"
    engine.understood = Understanding("help/confined", 0.99)
    assert (await conversation.handle(CHAT, Turn("text", "x y", danger="help/abuse"))).danger == "help/abuse"
    assert (
        await conversation.handle(CHAT, Turn("other", "photo", danger="help/abuse"))
    ).danger == "help/abuse"


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
@pytest.mark.parametrize("country", [None, "MY", "ID", "SA", "ZZ"])
@pytest.mark.parametrize("topic", sorted(EMERGENCIES))
def test_the_help_card_needs_nothing_else(
    conversation: Conversation, engine: FakeEngine, topic: str, country: str | None, language: str
) -> None:
    engine.down = True
    card = conversation.card(ChatState("c", language, country), topic)
    assert card.topic == topic
    assert "[[" not in card.text
    assert any(character.isdigit() for character in card.text)


# the engine is down


async def test_a_text_is_kept_for_later(engine: FakeEngine) -> None:
    engine.down = True
    conversation = Conversation(engine, ANSWERS)
    for turn in (Turn("text", "cara bikin paspor"), Turn("location", lat=-6.9, lon=107.1), Turn("command", "kantor"),
                 Turn("text", "batal"), tap(Kind.TASK, "find_centre"), tap(Kind.PLACE, "32.12.16")):  # fmt: skip
        with pytest.raises(EngineDownError):
            await conversation.handle(CHAT, turn)


@pytest.mark.parametrize("topic", sorted(ANSWERS))
async def test_a_topic_is_answered_from_what_is_written(engine: FakeEngine, topic: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TOPIC, topic))
    reply = outcome.replies[0]
    assert reply.topic == topic
    assert reply.sources == ANSWERS[topic].sources
    assert (reply.checked, reply.related) == (ANSWERS[topic].checked, ANSWERS[topic].related)
    assert "[[" not in reply.text
    assert outcome.understood.topic == topic


@pytest.mark.parametrize(
    "task", ["checklist", "check_agency", "check_offer", "report", "human", "change_language", "delete_data"]
)
async def test_a_task_of_one_reply_works_too(engine: FakeEngine, task: str) -> None:
    engine.down = True
    outcome = await Conversation(engine, ANSWERS).handle(CHAT, tap(Kind.TASK, task))
    assert outcome.replies[0].text
    assert outcome.kind == "task"


async def test_menus_erasing_and_languages_work_too(engine: FakeEngine) -> None:
    engine.down = True
    conversation = Conversation(engine, ANSWERS)
    for command in ("start", "menu", "help", "darurat", "bahasa", "hapus", "dokumen", "privasi", "privacy"):
        assert (await conversation.handle(CHAT, Turn("command", command))).replies
    assert (await conversation.handle(CHAT, tap(Kind.ERASE, "yes"))).erase
    assert (await conversation.handle(CHAT, tap(Kind.LANGUAGE, "su"))).chat.language == "su"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_offline_says_that_the_question_is_kept(conversation: Conversation, language: str) -> None:
    reply = conversation.offline(ChatState("c", language))
    assert reply.buttons
    assert "[[" not in reply.text


# what every reply must be


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_no_placeholder_is_left_anywhere(engine: FakeEngine, language: str) -> None:
    conversation = Conversation(engine, ANSWERS)
    chat = replace(CHAT, language=language)
    engine.replies = [Reply("Telepon [[hotline:kp2mi]] atau [[hotline:kp2mi_abroad]]")]
    turns = [
        Turn("text", "apa saja"),
        *(Turn("command", name) for name in COMMANDS),
        *(Turn("other", o) for o in OTHERS),
    ]
    turns += [tap(Kind.THEME, theme) for theme in THEME_TITLES] + [
        tap(Kind.TASK, "human"),
        tap(Kind.CONSENT, "show"),
    ]
    turns += [tap(Kind.TOPIC, topic) for topic in ANSWERS]
    replies = [reply for turn in turns for reply in (await conversation.handle(chat, turn)).replies]
    engine.down = True
    written = (tap(Kind.TOPIC, topic) for topic in ANSWERS)
    replies += [reply for turn in written for reply in (await conversation.handle(chat, turn)).replies]
    assert len(replies) > 2 * len(ANSWERS)
    for reply in replies:
        assert "[[" not in reply.text
        assert "]]" not in reply.text
        assert "%(" not in reply.text
        assert "{" not in reply.text


def test_an_answer_past_its_review_date_is_stale(conversation: Conversation) -> None:
    answer = Answer("bot/privacy", "x", (Source("a", "b", "", ""),), "2026-01-01", "2026-06-01", ())
    assert answer.is_stale(date(2026, 6, 2))
    assert not answer.is_stale(date(2026, 6, 1))


async def test_a_stale_answer_keeps_its_date_so_that_the_edge_can_warn(engine: FakeEngine) -> None:
    engine.down = True
    old = replace(ANSWERS["bot/privacy"], review_by="2020-01-01")
    outcome = await Conversation(engine, {**ANSWERS, "bot/privacy": old}).handle(
        CHAT, Turn("command", "privasi")
    )
    assert outcome.replies[0].review_by == "2020-01-01"


@pytest.fixture
def small_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "GUIDED", {"report": SmallTask()})


@pytest.mark.usefixtures("small_task")
async def test_a_task_goes_on_by_taps_without_the_engine() -> None:
    engine = FakeEngine(down=True)
    conversation = Conversation(engine, read_answers())
    begun = await conversation.handle(ChatState("a"), Turn("tap", "1:k:report"))
    assert begun.chat.task == TaskState("report", "first", {"began": ""})
    second = await conversation.handle(begun.chat, Turn("tap", "1:s:report:yes"))
    assert second.in_place
    last = await conversation.handle(second.chat, Turn("tap", "1:s:report:yes"))
    assert last.chat.task is None
    assert last.chat.keeps == {"answers": "yes, yes"}
    assert last.effects == (SetCountry("HK"),)
    old = await conversation.handle(last.chat, Turn("tap", "1:s:report:yes"))
    assert "sudah lama" in old.replies[0].text


@pytest.mark.usefixtures("small_task")
async def test_a_text_in_a_task_goes_through_the_engine_with_the_state() -> None:
    state = TaskState("report", "first")
    step = Step(TaskState("report", "second", {"one": "a"}), (Reply("second?"),))
    engine = FakeEngine(answer=EngineAnswer(step.replies, KNOWN, step, "task_form"))
    outcome = await Conversation(engine, read_answers()).handle(
        ChatState("a", task=state), Turn("text", "jawaban saya")
    )
    assert engine.sent[0][3]["task"] == state.to_dict()
    assert outcome.chat.task == step.state
    assert outcome.kind == "task"


@pytest.mark.usefixtures("small_task")
async def test_what_came_in_between_leads_back_to_the_task() -> None:
    engine = FakeEngine()
    outcome = await Conversation(engine, read_answers()).handle(
        ChatState("a", task=TaskState("report", "first")), Turn("text", "apa itu desmigratif")
    )
    assert [reply.text for reply in outcome.replies] == ["jawaban", "first?"]
    assert outcome.chat.task is not None


@pytest.mark.usefixtures("small_task")
async def test_cancelling_ends_the_task_and_what_waits() -> None:
    keeps = {registry.PARKED: TaskState("report", "first").to_dict(), "other": 1}
    chat = ChatState("a", task=TaskState("report", "second"), keeps=keeps)
    outcome = await Conversation(FakeEngine(), read_answers()).handle(chat, Turn("text", "batal"))
    assert outcome.chat.task is None
    assert outcome.chat.keeps == {"other": 1}


async def test_a_forwarded_offer_is_checked_at_once(conversation: Conversation, engine: FakeEngine) -> None:
    engine.down = True
    offer = Turn("text", "Loker ART Dubai, pakai visa turis, DP 3 juta", forwarded=True)
    outcome = await conversation.handle(CHAT, offer)
    assert outcome.understood.topic == "task/check_offer"
    assert "visa turis" in outcome.replies[0].text
