"""The conversation: what each turn leads to, whatever messenger it came by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from core import catalogue, centre_replies, consent, farewell, menus, remarks
from core.answering import answer_all
from core.answers import Answer
from core.beside_person import beside, goes_through
from core.codes import Code, Kind, parse_code
from core.context import country_of, remember
from core.countries import find_country
from core.doubt import with_others
from core.guard import is_quick_exit
from core.help_cards import card
from core.hotlines import hotlines
from core.languages import LANGUAGES, Translator, detect, translator
from core.languages import mark as _
from core.links import Link, Scan, read_link
from core.offers import looks_like_offer
from core.outcomes import ChatState, Engine, EngineDownError, Outcome, Understanding
from core.phrases import is_cancel
from core.ratings import read_rating
from core.replies import Choice, Reply
from core.reports import asks_status
from core.storage import Database
from core.task_turns import after, stepped
from core.tasks import registry
from core.tasks.replies import REPLIES
from core.tasks.report_words import status_reply
from core.tasks.task import Context, Given, Step
from core.topics import EMERGENCIES, OUT_OF_SCOPE, topics
from core.turns import Turn
from core.unsure import is_missed

SURE_OF_DANGER = 0.5
"""Confidence from which the model's own emergency topic counts as danger beside the guard."""

_FIND_CENTRE = "task/find_centre"
_REPORT = "task/report"
_TASKS = {"dokumen": "checklist", "pengingat": "reminders", "lapor": "report", "petugas": "human"}
"""Commands that begin a task."""
_NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Handles turns with an engine and the written content; holds no state of its own."""

    engine: Engine
    answers: Mapping[str, Answer]
    database: Database | None = None
    """Where tasks look things up; None where none of them does."""

    async def handle(self, chat: ChatState, turn: Turn) -> Outcome:
        """See `core.outcomes.TurnHandler`."""
        t = translator(chat.language)
        if chat.handover != "open":
            outcome = consent.follow(turn, chat.consent, await self._route(chat, turn, t), t)
        elif goes_through(turn):
            outcome = replace(await self._route(chat, turn, t), kind="notice")
        else:
            outcome = beside(chat, turn, t)
        return replace(
            outcome,
            danger=turn.danger or outcome.danger,
            replies=tuple(self._fill(reply, outcome.chat) for reply in outcome.replies),
        )

    def card(self, chat: ChatState, danger: str) -> Reply:
        """See `core.outcomes.TurnHandler`."""
        t = translator(chat.language)
        leave = Choice(t.gettext(_("🚪 Hapus percakapan ini")), str(Code(Kind.ERASE, "now")))
        text = card(danger, chat.country, chat.language).text
        return Reply(text, buttons=((menus.task_choice(t, "human"),), (leave,)), topic=danger)

    def offline(self, chat: ChatState) -> Reply:
        """See `core.outcomes.TurnHandler`."""
        t = translator(chat.language)
        notice = t.gettext(
            _("Maaf, saya sedang lambat. Pertanyaan Anda tersimpan dan akan saya jawab. Sementara itu:")
        )
        return self._fill(menus.main_menu(t, notice), chat)

    async def _route(self, chat: ChatState, turn: Turn, t: Translator) -> Outcome:
        match turn.kind:
            case "command":
                return await self._command(chat, turn, t)
            case "tap":
                return await self._tap(chat, turn, t)
            case "location":
                place = {"lat": turn.lat, "lon": turn.lon}
                outcome = await self._ask(chat, "", topic=_FIND_CENTRE, metadata=place)
                return replace(outcome, remove_keyboard=True)
            case "text" if turn.text.strip():
                return await self._text(chat, turn, t)
            case "text":
                return self._say(chat, t, remarks.OTHER["empty"])
            case "other":
                return self._say(chat, t, remarks.OTHER.get(turn.text, remarks.OTHER_DEFAULT))

    async def _text(self, chat: ChatState, turn: Turn, t: Translator) -> Outcome:
        language = detect(turn.text)
        if is_quick_exit(turn.text):
            return replace(farewell.at_once(chat, t), language=language)
        if is_cancel(turn.text):
            return replace(await self._cancel(chat, t), language=language)
        if asks_status(turn.text):
            return replace(await self._status(chat, turn.text, t), language=language)
        country = find_country(turn.text)
        known = replace(chat, country=country or chat.country)
        if turn.forwarded and chat.task is None and looks_like_offer(turn.text, forwarded=True):
            given = Given(text=turn.text, forwarded=True)
            return replace(await self._task(known, "task/check_offer", given), language=language)
        facts = {"danger": turn.danger, **({"forwarded": True} if turn.forwarded else {})}
        return replace(await self._ask(known, turn.text, metadata=facts), language=language)

    async def _command(self, chat: ChatState, turn: Turn, t: Translator) -> Outcome:
        pages = {
            "start": menus.start,
            "menu": menus.main_menu,
            "help": menus.help_page,
            "darurat": menus.emergency_menu,
            "bahasa": menus.language_menu,
            "hapus": menus.erase_question,
        }
        if turn.text == "start" and (link := read_link(turn.argument)) is not None:
            return await self._linked(chat, link, t)
        if turn.text in pages:
            return Outcome(chat, (pages[turn.text](t),), kind="menu", language=chat.language)
        if turn.text in _TASKS:
            return await self._task(chat, f"task/{_TASKS[turn.text]}")
        match turn.text:
            case "kantor":
                return await self._ask(chat, "", topic=_FIND_CENTRE)
            case "privasi" | "privacy":
                outcome = await self._topic(chat, "bot/privacy")
                *others, last = outcome.replies
                shown = replace(last, buttons=(*last.buttons, (consent.page_choice(t),)))
                return replace(outcome, replies=(*others, shown))
            case "izin":
                return await consent.handle(self.database, chat, "show", t)
            case "batal":
                return await self._cancel(chat, t)
        return self._say(chat, t, _("Perintah itu tidak ada. Ini yang bisa saya bantu:"))

    async def _tap(self, chat: ChatState, turn: Turn, t: Translator) -> Outcome:
        code = parse_code(turn.text)
        match code:
            case Code(Kind.TOPIC, value) if value in self.answers:
                return await self._topic(chat, value)
            case Code(Kind.THEME, ""):
                return Outcome(
                    chat, (menus.main_menu(t),), kind="menu", in_place=True, language=chat.language
                )
            case Code(Kind.THEME, value) if (page := menus.theme_menu(t, value)) is not None:
                return Outcome(chat, (page,), kind="menu", in_place=True, language=chat.language)
            case Code(Kind.TASK, value) if f"task/{value}" in topics():
                return await self._task(chat, f"task/{value}")
            case Code(Kind.STEP, value):
                step = await registry.tapped(self._context(chat, t), chat.task, value)
                if step is not None:
                    return stepped(chat, step)
            case Code(Kind.PLACE, value):
                return await self._ask(chat, "", topic=_FIND_CENTRE, metadata={"place": value})
            case Code(Kind.HELPFUL, value) if (feedback := read_rating(value)) is not None:
                thanks = t.gettext(_("Terima kasih, tanggapan Anda tercatat."))
                return Outcome(chat, feedback=feedback, kind="notice", notice=thanks, language=chat.language)
            case Code(Kind.LANGUAGE, value) if value in LANGUAGES:
                spoken = translator(value)
                changed = menus.main_menu(spoken, spoken.gettext(_("Bahasa diganti.")))
                return Outcome(
                    replace(chat, language=value), (changed,), kind="menu", in_place=True, language=value
                )
            case Code(Kind.ERASE, "yes"):
                return farewell.erased(chat, t)
            case Code(Kind.ERASE, "no"):
                return farewell.kept(chat, t)
            case Code(Kind.ERASE, "now"):
                return farewell.at_once(chat, t)
            case Code(Kind.CONSENT, "yes" | "no" | "show" as value):
                return await consent.handle(self.database, chat, value, t)
        return self._say(chat, t, _("Menu itu sudah lama. Ini menu yang baru:"))

    async def _task(self, chat: ChatState, topic: str, given: Given = _NOTHING) -> Outcome:
        """Start a task that was chosen by a button or a command; needs no engine if it has several turns."""
        task = registry.guided(topic)
        if task is None:
            return await self._topic(chat, topic)
        context = self._context(chat, translator(chat.language))
        step = await registry.begin(task, context, given, chat.task)
        return stepped(chat, step, Understanding(topic, 1.0))

    async def _linked(self, chat: ChatState, link: Link, t: Translator) -> Outcome:
        """What a link of a poster opens, before the usual welcome."""
        opened = Outcome(chat, kind="menu", language=chat.language)
        if link.kind == "topic":
            theme = link.value.partition("/")[0]
            opened = await (self._task if theme == "task" else self._topic)(chat, link.value)
        elif self.database is not None:
            centre = await catalogue.find_centre(self.database, link.value)
            checked = await catalogue.checked_on(self.database, "centres")
            if centre is not None:
                opened = replace(opened, replies=centre_replies.one_centre(t, centre, checked))
        if not opened.replies:  # a centre that the list does not have
            return replace(opened, replies=(menus.start(t),))
        # a task asks something: a menu after it would hide the question
        more = () if opened.chat.task else (menus.start(t),)
        return replace(
            opened, replies=(*opened.replies, *more), effects=(*opened.effects, Scan(link.payload))
        )

    async def _status(self, chat: ChatState, text: str, t: Translator) -> Outcome:
        """What became of a report; a task in hand goes on afterwards."""
        context = self._context(chat, t)
        said = Step(chat.task, (await status_reply(context, text),))
        if chat.task is not None:
            back = registry.back(context, chat.task)
            said = replace(back, replies=(*said.replies, *back.replies))
        return stepped(chat, said, Understanding(_REPORT, 1.0))

    def _context(self, chat: ChatState, t: Translator) -> Context:
        return Context(t, date.today(), chat.country, chat.keeps, self.database, chat.id)

    async def _topic(self, chat: ChatState, topic: str) -> Outcome:
        """Answer a chosen topic or task; what is written serves even while the engine is down."""
        try:
            return await self._ask(chat, "", topic=topic)
        except EngineDownError:
            reply = self._written(topic, translator(chat.language))
            if reply is None:
                raise
            kind: Literal["task", "answer"] = "task" if topic.startswith("task/") else "answer"
            understood = Understanding(topic, 1.0)
            known = replace(chat, topics=remember(chat, understood))
            return Outcome(known, (reply,), understood, kind=kind, language=chat.language)

    def _written(self, topic: str, t: Translator) -> Reply | None:
        """The reply to a topic or task that needs no engine; None for a conversation of several turns."""
        if topic in REPLIES:
            return REPLIES[topic](t)
        answer = self.answers.get(topic)
        return None if answer is None else answer.reply()

    async def _cancel(self, chat: ChatState, t: Translator) -> Outcome:
        await self.engine.reset(chat.id)
        kept = {key: value for key, value in chat.keeps.items() if key != registry.PARKED}
        free = replace(chat, task=None, keeps=kept)
        return replace(
            self._say(free, t, _("Baik, dihentikan. Ada lagi yang ingin ditanyakan?")), remove_keyboard=True
        )

    async def _ask(
        self,
        chat: ChatState,
        text: str,
        *,
        topic: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Outcome:
        facts = {
            "language": chat.language,
            "country": chat.country,
            "misses": chat.misses,
            # what is said to a task is not about an earlier topic
            "topics": [] if chat.task else list(chat.topics),
            **({"task": chat.task.to_dict()} if chat.task else {}),
            **({"keeps": dict(chat.keeps)} if chat.keeps else {}),
            **(metadata or {}),
        }
        answer = await self.engine.send(chat.id, text, topic=topic, metadata=facts)
        understood, step = answer.understood, answer.step
        t = translator(chat.language)
        missed = step is None and is_missed(understood, answer.replies)
        danger = None
        if (
            understood.topic in EMERGENCIES
            and (understood.confidence or 0) >= SURE_OF_DANGER
            and topic is None
        ):
            danger = understood.topic
        replies = answer_all(answer.replies, understood, self.answers, country_of(chat, understood.entities))
        if step is None and topic is None:
            replies = with_others(t, replies, understood)
        if not replies:
            replies = (menus.main_menu(t, t.gettext(_("Maaf, untuk itu saya belum punya jawaban."))),)
        if chat.task is not None and step is None and answer.loop is None:
            # what came in between is over: back to the task in hand
            step = registry.back(self._context(chat, t), chat.task)
            replies = (*replies, *step.replies)
        asked = replace(chat, misses=chat.misses + 1 if missed else 0, topics=remember(chat, understood))
        lead = registry.leads_to(understood.topic) if text and step is None and chat.task is None else None
        if lead is not None and find_country(text):
            # "papers for Taiwan": the list for that country, and what else the text tells
            given = Given(text, topic=understood.topic, confidence=understood.confidence or 0)
            step = await lead.start(self._context(chat, t), given)
            others = tuple(reply for reply in replies if reply.topic != understood.topic)
            replies = (*others, *step.replies)
        return Outcome(
            asked if step is None else after(asked, step),
            replies,
            understood,
            danger=danger,
            kind="task" if step or (understood.topic or OUT_OF_SCOPE).startswith("task/") else "answer",
            language=chat.language,
            effects=step.effects if step else (),
        )

    def _say(self, chat: ChatState, t: Translator, message: str) -> Outcome:
        return Outcome(chat, (menus.main_menu(t, t.gettext(message)),), kind="menu", language=chat.language)

    def _fill(self, reply: Reply, chat: ChatState) -> Reply:
        filled = hotlines().fill(reply.text, date.today(), chat.language)
        return replace(reply, text=filled)
