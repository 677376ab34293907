"""What the guided report says: its questions, the summary, the doors, the status of a case."""

from collections.abc import Mapping

from core.catalogue import load_offices
from core.codes import Code, Kind
from core.countries import countries
from core.hotlines import HOME
from core.languages import Translator
from core.languages import mark as _
from core.menus import back_row
from core.replies import Choice, File, Reply, Source
from core.report_doors import doors, lines_for, offices_of
from core.report_pdf import make_pdf
from core.reports import Answers, Filed, asked_number, by_number, of_chat
from core.tasks.task import Context

QUESTIONS: Mapping[str, str] = {
    "who": _("Laporan ini untuk siapa?"),
    "kind": _("Apa masalahnya? Pilih yang paling berat, atau ketik."),
    "country": _("Di negara mana terjadinya? Pilih atau ketik nama negaranya."),
    "place": _("Dari kabupaten atau kota mana asal Anda (atau keluarga itu) di Indonesia? Ketik namanya."),
    "story": _(
        "Ceritakan dalam satu pesan: apa yang terjadi, sejak kapan, siapa pelakunya (nama orang, PT, atau majikan), berapa uangnya."
    ),
    "evidence": _(
        "Bukti apa yang ada? Misalnya kuitansi, kontrak, foto, percakapan. Tulis saja, jangan kirim fotonya."
    ),
    "name": _("Mau memakai nama, atau tanpa nama? Ketik nama panggilan, atau pilih. Nomor HP tidak perlu."),
}
STEPS = tuple(QUESTIONS)
NAMES: Mapping[str, str] = {
    "who": _("Untuk"),
    "kind": _("Masalah"),
    "country": _("Negara"),
    "place": _("Asal"),
    "story": _("Cerita"),
    "evidence": _("Bukti"),
    "name": _("Pelapor"),
}
_WHO = {"self": _("diri sendiri"), "family": _("keluarga"), "other": _("orang lain")}
_EMPTY = _("(tidak diisi)")
_FILED = _(
    "Laporan Anda tercatat dengan nomor {number}. Simpan nomor ini. Petugas Desmi akan membacanya; untuk tahu keadaannya, ketik: "
    "status laporan {number}\n\nDesmi bukan kantor pemerintah. Laporkan juga langsung ke tempat di bawah ini, dan bawa ringkasannya."
)
_KEPT = _("Ringkasan ini tidak dikirim ke siapa pun. Salin atau bawa ke salah satu tempat di bawah ini.")
_WHERE = _("Ke mana melapor:")
_STATUS = {
    "new": _("Laporan {number} ({created}): sudah masuk, belum dibaca petugas."),
    "taken": _("Laporan {number} ({created}): sedang ditangani petugas sejak {changed}."),
    "closed": _("Laporan {number} ({created}): sudah ditutup pada {changed}."),
}
_NO_SUCH = _(
    "Nomor {number} tidak ada. Periksa huruf-hurufnya; laporan yang obrolannya dihapus ikut terhapus."
)
_NONE_FILED = _("Belum ada laporan dari obrolan ini. Untuk membuat laporan, ketik /lapor.")


def _told(t: Translator, name: str, value: str) -> str:
    """An answer as a person reads it."""
    if not value:
        return t.gettext(_("tanpa nama")) if name == "name" else t.gettext(_EMPTY)
    match name:
        case "who":
            return t.gettext(_WHO[value])
        case "kind":
            return t.gettext(doors().kinds[value].name)
        case "country":
            country = countries().get(value)
            return "Indonesia" if value == HOME else country.name if country else value
    return value


def summary_lines(t: Translator, answers: Answers) -> list[str]:
    """The summary, a line each answer."""
    return [f"{t.gettext(NAMES[name])}: {_told(t, name, value)}" for name, value in answers.to_dict().items()]


async def finished(context: Context, answers: Answers, number: str | None) -> tuple[Reply, ...]:
    """What is said at the end: the number, the summary with the doors, and both as a file to take along."""
    t = context.t
    kind = doors().kinds[answers.kind or "other"]
    offices = []
    if context.database is not None and answers.place:
        regency, _separator, province = answers.place.rpartition(", ")
        offices = offices_of(await load_offices(context.database), regency, province)
    lines, sources = lines_for(t, kind, answers.country or None, offices, context.today)
    day = t.date(context.today)
    title = t.gettext(_("Laporan {number}, {date}")).format(number=number, date=day)
    if number is None:
        title = t.gettext(_("Ringkasan laporan, {date}")).format(date=day)
    said = summary_lines(t, answers)
    where = [t.gettext(_WHERE), *(f"• {line}" for line in lines)]
    advice = t.gettext(kind.advice)
    footer = t.gettext(
        _("Dibuat dengan Desmi. Nomor telepon menurut sumber terbuka, diperiksa {date}.")
    ).format(date=doors().checked)
    file = make_pdf(f"{number or 'ringkasan'}.pdf", title, [*said, advice, "\n".join(where)], footer)
    head = t.gettext(_FILED).format(number=number) if number else t.gettext(_KEPT)
    return (
        Reply(head, topic="task/report"),
        _summary(t, [title, "\n".join(said), advice, "\n".join(where)], file, sources),
    )


def _summary(t: Translator, parts: list[str], file: File, sources: tuple[Source, ...]) -> Reply:
    office = Choice(t.gettext(_("📍 Kantor terdekat")), str(Code(Kind.TASK, "find_centre")))
    return Reply(
        "\n\n".join(parts),
        buttons=((office,), back_row(t)),
        topic="task/report",
        sources=sources,
        checked=doors().checked,
        review_by=doors().review_by,
        file=file,
    )


async def status_reply(context: Context, text: str) -> Reply:
    """What became of the report whose number a text names, or else of those of the chat."""
    number = asked_number(text)
    found: list[Filed] = []
    if context.database is not None:
        one = await by_number(context.database, number) if number else None
        found = [one] if one else [] if number else await of_chat(context.database, context.chat)
    t = context.t
    if not found:
        message = t.gettext(_NO_SUCH).format(number=number) if number else t.gettext(_NONE_FILED)
        return Reply(message, topic="task/report")
    said = (
        t.gettext(_STATUS[filed.status]).format(
            number=filed.number,
            created=t.date(filed.created_at.date()),
            changed=t.date(filed.changed_at.date()),
        )
        for filed in found
    )
    return Reply("\n".join(said), buttons=(back_row(t),), topic="task/report")
