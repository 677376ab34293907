"""Report: a guided complaint of seven questions, for oneself or a relative; a summary, the right door, a case number."""

from dataclasses import replace

from core.codes import Code, Kind
from core.countries import countries, find_country
from core.help_cards import card
from core.hotlines import HOME
from core.languages import Translator
from core.languages import mark as _
from core.regencies import find_home, home_of
from core.replies import Choice, Reply
from core.report_doors import doors
from core.reports import Answers, FileReport, asks_status, new_number
from core.tasks.report_words import QUESTIONS, STEPS, finished, status_reply, summary_lines
from core.tasks.task import Context, Given, Step, TaskState

_WHO = {
    "self": (_("🙋 Saya sendiri"), ("saya", "aku", "sendiri", "kulo", "abdi", "me", "myself")),
    "family": (
        _("👪 Keluarga saya"),
        ("keluarga", "suami", "istri", "anak", "ibu", "bapak", "adik", "kakak", "saudara"),
    ),
    "other": (_("🤝 Orang lain"), ("teman", "tetangga", "orang", "lain", "kenalan")),
}
_DESTINATIONS = ("MY", "HK", "TW", "SG", "SA", "KR", "JP", "KH")
_SKIP, _SEND, _KEEP, _AGAIN, _NO_NAME = "skip", "send", "keep", "again", "noname"
_SKIPPED = frozenset(
    {"lewati", "lewat", "skip", "-", "tidak tahu", "ga tau", "gak tau", "tidak ada", "ga ada", "gak ada"}
)
_ASKS = frozenset(
    {
        "berapa",
        "bagaimana",
        "gimana",
        "apa",
        "apakah",
        "dimana",
        "kapan",
        "siapa",
        "kenapa",
        "piye",
        "kumaha",
        "how",
        "what",
    }
)
_SURE = 0.6
_SHORT = 100
_LONGEST = 3_000


class Report:
    """The task."""

    name = "report"

    async def start(self, context: Context, given: Given) -> Step:
        """Begin with the first question; a question about the status is answered at once."""
        if given.text and asks_status(given.text):
            return Step(None, (await status_reply(context, given.text),))
        state = TaskState(self.name, STEPS[0], {"answers": Answers().to_dict()})
        return Step(state, (self._intro(context, state),))

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """An answer, or a button of the summary."""
        if state is None:
            return None
        if state.step == "confirm":
            return await self._decide(context, state, given)
        step, _separator, value = (given.value or "").partition(":")
        if given.value is not None and step != state.step:
            return None  # a button of an earlier question
        text = given.text.strip()[:_LONGEST]
        if value == _SKIP or text.lower().rstrip(".!") in _SKIPPED:
            return await self._next(context, state, "", tapped=given.value is not None)
        if given.value is None and (not text or _is_question(given)):
            return None
        match state.step:
            case "who":
                return await self._chosen(context, state, value or _who_in(text), given)
            case "kind":
                return await self._kind(context, state, value, text)
            case "country":
                code = value or (HOME if "indonesia" in text.lower() else find_country(text) or "")
                known = code == HOME or code in countries()
                return await self._chosen(context, state, code if known else "", given)
            case "place":
                return await self._place(context, state, value, text)
            case "name" if value == _NO_NAME:
                return await self._next(context, state, "", tapped=True)
        return await self._chosen(context, state, text, given)

    def ask(self, context: Context, state: TaskState) -> Reply:
        """See `core.tasks.task.Task`."""
        t = context.t
        if state.step == "confirm":
            return self._preview(context, state)
        number = STEPS.index(state.step) + 1
        text = t.gettext(QUESTIONS[state.step])
        if state.step == "place" and "places" in state.data:
            text = t.gettext(_("Ada beberapa tempat bernama itu. Yang mana?"))
        return Reply(f"({number}/{len(STEPS)}) {text}", buttons=self._buttons(t, state), topic="task/report")

    def _intro(self, context: Context, state: TaskState) -> Reply:
        first = self.ask(context, state)
        intro = context.t.gettext(
            _(
                "Saya bantu menyusun laporan. Tujuh pertanyaan, semuanya boleh dilewati; berhenti kapan saja dengan /batal. "
                "Tidak ada yang dikirim sebelum Anda setuju. Dalam bahaya sekarang? /darurat"
            )
        )
        return replace(first, text=f"{intro}\n\n{first.text}")

    def _buttons(self, t: Translator, state: TaskState) -> tuple[tuple[Choice, ...], ...]:
        choices: list[tuple[str, str]] = []
        match state.step:
            case "who":
                choices = [(t.gettext(label), key) for key, (label, _words) in _WHO.items()]
            case "kind":
                choices = [(t.gettext(kind.name), kind.id) for kind in doors().kinds.values()]
            case "country":
                named = [c for code in _DESTINATIONS if (c := countries().get(code))]
                choices = [(t.gettext(_("🇮🇩 Di Indonesia")), HOME), *((c.name, c.id) for c in named)]
            case "place":
                choices = [(name, code) for code, name in state.data.get("places", ())]
            case "name":
                choices = [(t.gettext(_("Tanpa nama")), _NO_NAME)]
        buttons = [Choice(label, _code(f"{state.step}:{value}")) for label, value in choices]
        wide = 2 if state.step == "country" else 1
        rows = [tuple(buttons[i : i + wide]) for i in range(0, len(buttons), wide)]
        if state.step != "name":
            rows.append((Choice(t.gettext(_("Lewati")), _code(f"{state.step}:{_SKIP}")),))
        return tuple(rows)

    async def _chosen(self, context: Context, state: TaskState, answer: str, given: Given) -> Step | None:
        return await self._next(context, state, answer, tapped=given.value is not None) if answer else None

    async def _kind(self, context: Context, state: TaskState, value: str, text: str) -> Step | None:
        found = doors().kind_in(text) if text else doors().kinds.get(value)
        if found is None:
            return None
        step = await self._next(context, state, found.id, tapped=bool(value))
        if not value or not found.danger:
            return step
        # a text's danger is found by the guard, and its card stands above already
        shown = card(found.danger, context.country, context.t.language.code, context.today)
        return replace(step, replies=(Reply(shown.text, topic=found.danger), *step.replies), in_place=False)

    async def _place(self, context: Context, state: TaskState, value: str, text: str) -> Step | None:
        if context.database is None:
            return await self._next(context, state, text, tapped=bool(value))
        if value:
            home = await home_of(context.database, value)
            return None if home is None else await self._next(context, state, str(home), tapped=True)
        found = await find_home(context.database, text)
        if len(found) == 1:
            return await self._next(context, state, str(found[0]), tapped=False)
        if not found:  # kept as it was told: staff can read it
            return await self._next(context, state, text, tapped=False)
        asked = TaskState(
            self.name, "place", {**state.data, "places": [(home.code, str(home)) for home in found]}
        )
        return Step(asked, (self.ask(context, asked),))

    async def _next(self, context: Context, state: TaskState, answer: str, *, tapped: bool) -> Step:
        answers = {**state.data["answers"], state.step: answer}
        at = STEPS.index(state.step) + 1
        after = TaskState(self.name, STEPS[at] if at < len(STEPS) else "confirm", {"answers": answers})
        return Step(after, (self.ask(context, after),), in_place=tapped)

    def _preview(self, context: Context, state: TaskState) -> Reply:
        t = context.t
        lines = summary_lines(t, Answers.from_dict(state.data["answers"]))
        head = t.gettext(_("Ini laporan Anda. Kirim ke petugas Desmi?"))
        rows = (
            (Choice(t.gettext(_("✅ Kirim")), _code(f"confirm:{_SEND}")),),
            (Choice(t.gettext(_("📄 Buat ringkasan saja, jangan kirim")), _code(f"confirm:{_KEEP}")),),
            (Choice(t.gettext(_("✏️ Ulang dari awal")), _code(f"confirm:{_AGAIN}")),),
        )
        return Reply("\n\n".join((head, "\n".join(lines))), buttons=rows, topic="task/report")

    async def _decide(self, context: Context, state: TaskState, given: Given) -> Step | None:
        value = (given.value or "").removeprefix("confirm:") if given.value else _decision_in(given.text)
        answers = Answers.from_dict(state.data["answers"])
        if value == _AGAIN:
            return await self.start(context, Given())
        if value not in (_SEND, _KEEP):
            return None
        number = new_number() if value == _SEND else None
        replies = await finished(context, answers, number)
        if number is None:
            return Step(None, replies)
        filed = FileReport(number, answers.kind, answers.country or None, not answers.name, answers.to_dict())
        return Step(None, replies, (filed,))


def _code(value: str) -> str:
    return str(Code(Kind.STEP, f"report:{value}"))


def _who_in(text: str) -> str:
    words = set(text.lower().replace(",", " ").split())
    # "ibu saya" speaks of the mother
    order = ("family", "other", "self")
    return next((key for key in order if words & set(_WHO[key][1])), "")


def _decision_in(text: str) -> str:
    words = set(text.lower().strip(" .!").split())
    if words & {"jangan", "ringkasan", "tidak", "gak", "ga"}:
        return _KEEP
    if words & {"ulang", "ulangi", "ubah", "salah"}:
        return _AGAIN
    return (
        _SEND
        if words & {"kirim", "ya", "iya", "ok", "oke", "setuju", "yes", "send", "nggih", "muhun"}
        else ""
    )


def _is_question(given: Given) -> bool:
    """Whether a text is another question rather than an answer: short, asking, and sure of its topic."""
    theme = (given.topic or "").partition("/")[0]
    words = set(given.text.lower().replace("?", " ").replace(",", " ").split())
    asking = "?" in given.text or bool(words & _ASKS)
    return theme not in ("", "task") and given.confidence >= _SURE and asking and len(given.text) < _SHORT
