"""What to say when a message was not understood."""

from collections.abc import Sequence

from core import menus
from core.codes import Code, Kind
from core.languages import Translator
from core.languages import mark as _
from core.outcomes import Understanding
from core.replies import Choice, Reply
from core.topics import CONVERSATIONAL, OUT_OF_SCOPE, topics

OFFERED = 3
"""Topics offered as buttons."""


def is_missed(understood: Understanding, replies: Sequence[Reply]) -> bool:
    """Whether a message was not understood and told so; a place's name in reply to a question is no miss."""
    return not understood.sure and any(reply.topic == OUT_OF_SCOPE for reply in replies)


def nearest(ranking: Sequence[str]) -> list[str]:
    """The topics of a ranking (ids, best first) that are offered."""
    return [name for name in ranking if name in topics() and name not in CONVERSATIONAL][:OFFERED]


def suggest(t: Translator, ranking: Sequence[str]) -> Reply:
    """Offer the nearest topics of a ranking (ids, best first)."""
    rows = [(menus.topic_choice(t, name),) for name in nearest(ranking)]
    return Reply(
        t.gettext(
            _(
                "Maaf, saya belum yakin maksud Anda. Apakah ini yang ditanyakan? "
                "Kalau bukan, coba tulis dengan kata lain. Saya hanya tahu soal kerja ke luar negeri."
            )
        ),
        buttons=(*rows, menus.back_row(t)),
        topic=OUT_OF_SCOPE,
    )


def second_miss(t: Translator) -> Reply:
    """Not understood twice in a row: no third guess, but a person or the menu."""
    return Reply(
        t.gettext(
            _(
                "Maaf, saya masih belum mengerti. Daripada menebak, lebih baik pilih dari menu, "
                "atau tanya petugas: [[hotline:kp2mi]], Disnaker, atau kantor desa Anda."
            )
        ),
        buttons=(
            (Choice(t.gettext(_("🙋 Hubungi petugas")), str(Code(Kind.TASK, "human"))),),
            menus.back_row(t),
        ),
        topic=OUT_OF_SCOPE,
    )
