"""Menus: the replies that reach every theme, topic and task by buttons alone."""

from core.codes import Code, Kind
from core.languages import LANGUAGES, Translator
from core.languages import mark as _
from core.replies import Choice, Reply
from core.topics import EMERGENCIES, THEME_TITLES, of_theme, topics

PAGE = 10
"""Topics on one page of a theme's menu: more would not fit a small screen."""

_TASKS = {
    "find_centre": _("📍 Cari pusat Desmigratif terdekat"),
    "checklist": _("📋 Dokumen saya"),
    "reminders": _("⏰ Pengingat"),
    "check_agency": _("🏢 Cek P3MI (perusahaan penyalur)"),
    "check_offer": _("🔎 Periksa tawaran kerja"),
    "report": _("✍️ Buat laporan"),
    "human": _("🙋 Bicara dengan petugas"),
}

_SETTINGS = ("task/change_language", "task/delete_data")
"""Tasks about Desmi itself: below the themes, as nobody comes for them."""


def back_row(t: Translator) -> tuple[Choice, ...]:
    """The row that leads to the main menu."""
    return (Choice(t.gettext(_("⬅️ Menu utama")), str(Code(Kind.THEME))),)


def task_choice(t: Translator, name: str) -> Choice:
    """The button of a task of the main menu."""
    return Choice(t.gettext(_TASKS[name]), str(Code(Kind.TASK, name)))


def topic_choice(t: Translator, topic: str) -> Choice:
    """The button of a topic or task of the list, by id."""
    theme, _separator, task = topic.partition("/")
    code = Code(Kind.TASK, task) if theme == "task" else Code(Kind.TOPIC, topic)
    return Choice(t.gettext(topics()[topic].title), str(code))


def main_menu(t: Translator, intro: str = "") -> Reply:
    """All tasks and themes as buttons; `intro` stands before the usual line."""
    tasks = [(task_choice(t, name),) for name in _TASKS]
    themes = [
        Choice(t.gettext(title), str(Code(Kind.THEME, theme)))
        for theme, title in THEME_TITLES.items()
        if theme != "task"
    ]
    pairs = [tuple(themes[i : i + 2]) for i in range(0, len(themes), 2)]
    pairs.append(tuple(topic_choice(t, task) for task in _SETTINGS))
    line = t.gettext(_("Ketik pertanyaan Anda dengan kata-kata sendiri, atau pilih:"))
    return Reply(f"{intro}\n\n{line}".strip(), buttons=(*tasks, *pairs))


def start(t: Translator) -> Reply:
    """The welcome."""
    return main_menu(
        t,
        t.gettext(
            _(
                "Halo, saya Desmi, program penjawab untuk calon pekerja migran Indonesia dan keluarganya. "
                "Saya bukan manusia. Jawaban saya ditulis orang, dengan sumber dan tanggal periksa.\n\n"
                "Dalam bahaya? Ketik apa yang terjadi, atau /darurat."
            )
        ),
    )


def help_page(t: Translator) -> Reply:
    """What Desmi can do, and its commands."""
    return main_menu(
        t,
        t.gettext(
            _(
                "Anda bisa bertanya tentang berangkat kerja ke luar negeri: syarat, dokumen, kesehatan, biaya, "
                "gaji, penipuan, negara tujuan, dan bantuan bila ada masalah.\n\n"
                "/kantor – pusat Desmigratif terdekat\n/dokumen – daftar dokumen Anda\n/pengingat – ingatkan saya\n/lapor – buat laporan\n/darurat – minta tolong\n/petugas – bicara dengan orang\n"
                "/bahasa – ganti bahasa\n/privasi – data Anda\n/hapus – hapus data Anda\n/batal – berhenti"
            )
        ),
    )


def theme_menu(t: Translator, value: str) -> Reply | None:
    """The topics of a theme; `value` is `theme` or `theme.page` (pages from 1); None if unknown."""
    theme, _separator, number = value.partition(".")
    if theme not in THEME_TITLES or theme == "task":
        return None
    if number and not (number.isascii() and number.isdigit()):
        return None
    entries = of_theme(theme)
    pages = max(1, -(-len(entries) // PAGE))
    page = int(number or 1)
    if not 1 <= page <= pages:
        return None
    rows = [(topic_choice(t, topic.id),) for topic in entries[(page - 1) * PAGE : page * PAGE]]
    turn: list[Choice] = []
    if page > 1:
        turn.append(Choice("‹", str(Code(Kind.THEME, f"{theme}.{page - 1}"))))
    if page < pages:
        turn.append(Choice("›", str(Code(Kind.THEME, f"{theme}.{page + 1}"))))
    title = t.gettext(THEME_TITLES[theme])
    heading = f"{title} ({page}/{pages})" if pages > 1 else title
    return Reply(heading, buttons=(*rows, *([tuple(turn)] if turn else []), back_row(t)))


def emergency_menu(t: Translator) -> Reply:
    """What has happened? One button for each kind of danger, worst first."""
    rows = [(topic_choice(t, topic.id),) for topic in topics().values() if topic.id in EMERGENCIES]
    others = ("help/hotline", "help/embassy", "help/detained")
    rows += [(topic_choice(t, name),) for name in others]
    return Reply(
        t.gettext(
            _(
                "⚠️ Anda atau keluarga dalam bahaya? Telepon [[hotline:kp2mi_abroad]] dari luar negeri, atau "
                "[[hotline:kp2mi]] di Indonesia. Apa yang terjadi?"
            )
        ),
        buttons=(*rows, back_row(t)),
    )


def language_menu(t: Translator) -> Reply:
    """The languages, each under its own name."""
    rows = tuple((Choice(lang.name, str(Code(Kind.LANGUAGE, code))),) for code, lang in LANGUAGES.items())
    return Reply(
        t.gettext(
            _("Pilih bahasa untuk menu dan kartu darurat. Jawaban lengkap ada dalam bahasa Indonesia.")
        ),
        buttons=rows,
        topic="task/change_language",
    )


def erase_question(t: Translator) -> Reply:
    """Asks before everything is deleted."""
    return Reply(
        t.gettext(
            _(
                "Hapus semua yang Desmi simpan tentang obrolan ini: pesan, bahasa, izin, dan catatan lain? "
                "Ini tidak bisa dibatalkan. Aduan yang sudah diambil petugas tetap ada pada petugas."
            )
        ),
        buttons=(
            (Choice(t.gettext(_("Ya, hapus semua")), str(Code(Kind.ERASE, "yes"))),),
            (Choice(t.gettext(_("Tidak jadi")), str(Code(Kind.ERASE, "no"))),),
        ),
        topic="task/delete_data",
    )
