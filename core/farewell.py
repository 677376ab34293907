"""Farewell: somebody deletes what Desmi knows of them, at once, after a question, or then not."""

from core.languages import Translator
from core.languages import mark as _
from core.outcomes import ChatState, Outcome
from core.replies import Reply

_QUICK_EXIT = _(
    "Percakapan ini sudah dihapus dari Desmi. Hapus juga dari HP Anda: buka menu obrolan ini, lalu Hapus Obrolan."
)
_ERASED = _("Semua data obrolan ini dihapus. Anda bisa mulai lagi kapan saja dengan /start.")
_KEPT = _("Baik, tidak ada yang dihapus.")


def at_once(chat: ChatState, t: Translator) -> Outcome:
    """The quick exit: everything is erased without a question back."""
    gone = Reply(t.gettext(_QUICK_EXIT))
    return Outcome(chat, (gone,), language=chat.language, kind="notice", erase=True)


def erased(chat: ChatState, t: Translator) -> Outcome:
    """Yes to the question: everything is erased, and the question's message says so."""
    gone = Reply(t.gettext(_ERASED))
    return Outcome(chat, (gone,), erase=True, in_place=True, kind="notice", language=chat.language)


def kept(chat: ChatState, t: Translator) -> Outcome:
    """No to the question."""
    return Outcome(chat, (Reply(t.gettext(_KEPT)),), in_place=True, kind="notice", language=chat.language)
