"""Check an offer: a pasted or forwarded advertisement or chat, in one message or several."""

from dataclasses import replace

from core.codes import Code, Kind
from core.languages import Translator
from core.languages import mark as _
from core.offer_signs import offer_signs
from core.offers import OfferCheck, check_offer, looks_like_offer
from core.replies import Choice, Reply
from core.tasks.task import OVER, Context, Given, Step, TaskState

_WAITING, _NEW = "waiting", "new"
_SURE = 0.6
"""Confidence from which a short text is a question of its own, as in the form of all tasks."""
_SHORT = 100
_KEPT_CHARS = 12_000
"""What is kept of a chat that comes in several messages: three full messages of Telegram."""
_EXPLAINED = 6
"""Signs with their explanation; a message with more is not read to its end."""

_ASK = _(
    "Tempel atau teruskan (forward) tawaran kerja itu ke sini: iklan, pesan WhatsApp, atau obrolan. Boleh beberapa pesan. "
    "Hapus dulu nama dan nomor HP orang lain bila ada."
)
_MORE = _("Masih ada bagian lain dari tawaran itu? Kirim saja, saya baca bersama yang tadi.")
_NONE = _(
    "Saya tidak menemukan tanda bahaya yang saya kenal. Ini bukan bukti bahwa tawaran itu benar: penipu pandai menulis, "
    "dan saya hanya membaca kata-katanya."
)
_ALSO = _("Tanda lain: {titles}.")
_ORDER = _("Yang tampak teratur, tetapi tetap harus dicocokkan:")
_STOP = _(
    "Jangan bayar dan jangan serahkan dokumen asli dulu.\n\nLangkah berikutnya: cek nama perusahaannya, lalu tanyakan ke Disnaker atau BP3MI."
)
_CHECK = _("Langkah berikutnya: cek nama perusahaannya, dan cocokkan tawaran ini di Disnaker atau BP3MI.")


def verdict(t: Translator, check: OfferCheck) -> Reply:
    """What was found, in words; with the next steps as buttons."""
    parts: list[str] = []
    if check.signs:
        count = len(check.signs)
        head = t.ngettext(
            "⚠️ Ada %(count)d tanda bahaya dalam tawaran ini.",
            "⚠️ Ada %(count)d tanda bahaya dalam tawaran ini.",
            count,
        )
        parts.append(head % {"count": count})
        for number, found in enumerate(check.signs[:_EXPLAINED], start=1):
            sign = found.sign
            parts.append(
                f"{number}. {t.gettext(sign.name)}: “{_short(found.quote)}”\n{t.gettext(sign.explanation)} "
                f"({', '.join(filter(None, (sign.source.publisher, sign.source.date)))})"
            )
        if more := check.signs[_EXPLAINED:]:
            titles = "; ".join(t.gettext(found.sign.name) for found in more)
            parts.append(t.gettext(_ALSO).format(titles=titles))
    else:
        parts.append(t.gettext(_NONE))
    if check.order:
        lines = (f"• {t.gettext(found.order.name)}: “{_short(found.quote)}”" for found in check.order)
        parts.append("\n".join((t.gettext(_ORDER), *lines)))
    parts.append(t.gettext(_STOP if check.signs else _CHECK))
    return Reply(
        "\n\n".join(parts),
        buttons=_next_steps(t, bool(check.signs)),
        topic="task/check_offer",
        sources=tuple(dict.fromkeys(found.sign.source for found in check.signs)),
        checked=offer_signs().checked,
    )


def _short(quote: str) -> str:
    return " ".join(quote.split())


def _next_steps(t: Translator, risky: bool) -> tuple[tuple[Choice, ...], ...]:
    rows = [
        (Choice(t.gettext(_("🏢 Cek nama perusahaan")), str(Code(Kind.TASK, "check_agency"))),),
        (Choice(t.gettext(_("📍 Kantor terdekat")), str(Code(Kind.TASK, "find_centre"))),),
        (Choice(t.gettext(_("🔎 Periksa tawaran lain")), str(Code(Kind.STEP, f"check_offer:{_NEW}"))),),
    ]
    if risky:
        rows.insert(1, (Choice(t.gettext(_("✍️ Laporkan")), str(Code(Kind.TASK, "report"))),))
    return tuple(rows)


class CheckOffer:
    """The task."""

    name = "check_offer"

    async def start(self, context: Context, given: Given) -> Step:
        """Judge what was pasted with the wish, or ask for it."""
        if given.text and looks_like_offer(given.text, forwarded=given.forwarded):
            return self._judge(context, given.text)
        return self._ask_for_it(context)

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """Another part of the offer, or another offer."""
        if given.value is not None:
            return self._ask_for_it(context) if given.value == _NEW else None
        if state is None or not given.text.strip():
            return None
        if state.step == OVER:
            if not looks_like_offer(given.text, forwarded=given.forwarded):
                return None
            return self._judge(context, f"{state.data['text']}\n{given.text}")
        question = (given.topic or "").partition("/")[0] not in (
            "",
            "task",
            "bot",
        ) and given.confidence >= _SURE
        asks = "?" in given.text or not check_offer(given.text).signs
        if question and asks and len(given.text) < _SHORT and not given.forwarded:
            return None
        return self._judge(context, given.text)

    def ask(self, context: Context, state: TaskState) -> Reply:
        """See `core.tasks.task.Task`."""
        text = context.t.gettext(_MORE if state.step == OVER else _ASK)
        return Reply(text, topic="task/check_offer")

    def _ask_for_it(self, context: Context) -> Step:
        state = TaskState(self.name, _WAITING)
        return Step(state, (self.ask(context, state),))

    def _judge(self, context: Context, text: str) -> Step:
        state = TaskState(self.name, OVER, {"text": text[-_KEPT_CHARS:]})
        found = verdict(context.t, check_offer(text[-_KEPT_CHARS:]))
        more = replace(found, text=f"{found.text}\n\n{context.t.gettext(_MORE)}")
        return Step(state, (more,))
