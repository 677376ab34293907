"""What is said around talking to a person: the queue, the hours, who has the chat, the way back."""

from collections.abc import Callable
from datetime import date

from core import menus
from core.codes import Code, Kind
from core.hotlines import hotlines
from core.languages import Translator
from core.languages import mark as _
from core.replies import Choice, Reply

TOPIC = "task/human"
TASK = "human"

Words = Callable[[Translator], Reply]


def step(value: str) -> str:
    """The code of a button of the task."""
    return str(Code(Kind.STEP, f"{TASK}:{value}"))


def back_choice(t: Translator) -> Choice:
    """The button that gives the chat back to Desmi."""
    return Choice(t.gettext(_("↩️ Kembali ke Desmi")), step("back"))


def _again_choice(t: Translator) -> Choice:
    return Choice(t.gettext(_("🙋 Minta petugas lagi")), str(Code(Kind.TASK, TASK)))


def _filled(t: Translator, text: str) -> str:
    return hotlines().fill(text, date.today(), t.language.code)


def unreachable(t: Translator) -> Reply:
    """Nobody of the staff can answer here: whom to reach instead."""
    return Reply(
        t.gettext(
            _(
                "Petugas belum bisa membalas lewat obrolan ini. Yang bisa Anda hubungi sekarang: "
                "[[hotline:kp2mi]] di Indonesia, [[hotline:kp2mi_abroad]] dari luar negeri, atau datang ke "
                "Disnaker, BP3MI, atau pusat Desmigratif.\n\nLangkah berikutnya: cari kantor terdekat."
            )
        ),
        buttons=((menus.task_choice(t, "find_centre"),), menus.back_row(t)),
        topic=TOPIC,
    )


def about(t: Translator, hours: str) -> Reply:
    """What is it about?"""
    text = t.gettext(
        _(
            "Petugas (manusia) akan membaca obrolan ini dan membalas di sini. {hours}\n\n"
            "Ceritakan masalah Anda dalam satu pesan, atau tekan tombol."
        )
    )
    return Reply(
        text.format(hours=hours),
        buttons=(
            (Choice(t.gettext(_("Langsung minta petugas")), step("go")),),
            (Choice(t.gettext(_("Tidak jadi")), step("no")),),
        ),
        topic=TOPIC,
    )


def queued(t: Translator, place: int, hours: str, urgent: bool) -> Reply:
    """In the queue, at which place (from 1), and when staff answer."""
    lines = [
        t.gettext(_("✅ Anda masuk antrean petugas, nomor {place}. {hours}")).format(place=place, hours=hours)
    ]
    if urgent:
        lines.append(
            t.gettext(
                _(
                    "⚠️ Anda didahulukan. Kalau bahayanya sekarang, jangan menunggu: telepon "
                    "[[hotline:kp2mi_abroad]] dari luar negeri, atau [[hotline:kp2mi]] di Indonesia."
                )
            )
        )
    lines.append(t.gettext(_("Sambil menunggu, Anda tetap bisa bertanya kepada Desmi.")))
    return Reply(
        "\n\n".join(lines),
        buttons=(
            (Choice(t.gettext(_("🔄 Antrean saya")), step("status")),),
            (Choice(t.gettext(_("Keluar dari antrean")), step("back")),),
        ),
        topic=TOPIC,
    )


def beside_you(t: Translator) -> Reply:
    """A person has the chat; how to go back."""
    return Reply(
        t.gettext(
            _(
                "Anda sedang berbicara dengan petugas, jadi Desmi diam. Pesan Anda dibaca petugas. "
                "Untuk memakai menu lagi, tekan tombol ini."
            )
        ),
        buttons=((back_choice(t),),),
        topic=TOPIC,
    )


def only_text(t: Translator) -> Reply:
    """Staff see what is written, no pictures and no voices."""
    return Reply(
        t.gettext(_("Petugas hanya bisa membaca tulisan. Silakan ketik pesan Anda.")),
        buttons=((back_choice(t),),),
        topic=TOPIC,
    )


def taken(t: Translator) -> Reply:
    """A person joined."""
    return Reply(
        t.gettext(
            _(
                "🙋 Petugas sekarang bersama Anda. Tulis di sini, petugas yang membaca dan membalas. "
                "Desmi diam sampai Anda kembali."
            )
        ),
        buttons=((back_choice(t),),),
        topic=TOPIC,
    )


def from_staff(t: Translator, text: str) -> Reply:
    """What a person of the staff wrote."""
    spoken = " ".join((t.gettext(_("👤 Petugas:")), text))
    return Reply(spoken, buttons=((back_choice(t),),), topic=TOPIC)


def given_back(t: Translator) -> Reply:
    """The person of the staff ended the talk."""
    text = t.gettext(
        _("Petugas sudah selesai. Anda kembali berbicara dengan Desmi. Ada lagi yang ingin ditanyakan?")
    )
    return Reply(text, buttons=((_again_choice(t),), menus.back_row(t)), topic=TOPIC)


def timed_out(t: Translator) -> Reply:
    """Staff fell silent."""
    text = t.gettext(
        _(
            "Maaf, petugas tidak membalas lagi. Anda kembali berbicara dengan Desmi. Kalau mendesak, hubungi "
            "[[hotline:kp2mi]] di Indonesia atau [[hotline:kp2mi_abroad]] dari luar negeri."
        )
    )
    return Reply(_filled(t, text), buttons=((_again_choice(t),), menus.back_row(t)), topic=TOPIC)


def gone_quiet(t: Translator) -> Reply:
    """The person did not answer any more."""
    text = t.gettext(
        _(
            "Obrolan dengan petugas ditutup karena sudah lama tidak ada pesan. Anda kembali berbicara dengan Desmi."
        )
    )
    return Reply(text, buttons=((_again_choice(t),), menus.back_row(t)), topic=TOPIC)


def nobody_came(t: Translator) -> Reply:
    """Nobody took the chat in all the time."""
    text = t.gettext(
        _(
            "Maaf, belum ada petugas yang sempat membalas, jadi antrean Anda ditutup. Kalau mendesak, hubungi "
            "[[hotline:kp2mi]] di Indonesia atau [[hotline:kp2mi_abroad]] dari luar negeri."
        )
    )
    return Reply(_filled(t, text), buttons=((_again_choice(t),), menus.back_row(t)), topic=TOPIC)


def back(t: Translator, was: str) -> Reply:
    """The person is with Desmi again; `was` is the state before."""
    said = {
        "open": _("Anda kembali berbicara dengan Desmi."),
        "waiting": _("Baik, Anda keluar dari antrean petugas."),
    }
    return menus.main_menu(t, t.gettext(said.get(was, _("Anda sudah berbicara dengan Desmi."))))


def not_asked(t: Translator) -> Reply:
    """The person thought better of it."""
    return menus.main_menu(t, t.gettext(_("Baik, petugas tidak dipanggil.")))
