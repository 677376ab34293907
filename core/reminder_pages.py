"""Reminder pages: what is asked, agreed to, listed and sent."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.checklist import WHO, checklist
from core.codes import Code, Kind
from core.languages import Translator
from core.languages import mark as _
from core.menus import topic_choice
from core.reminder_store import SetReminder
from core.reminders import Due, Moment, ReminderKind, reminders
from core.replies import Choice, Reply

TOPIC = "task/reminders"
SELF = "self"

_KIND = _(
    "Saya bisa mengingatkan Anda lewat obrolan ini. Tentang apa? Boleh juga diketik, misalnya: medikal 3 maret, "
    "paspor habis desember 2027."
)
_DATE_HOW = _("Ketik tanggalnya, misalnya: 3 maret, 15/3/2027, desember 2027, minggu depan.")
_NO_SUCH_DAY = _("Tanggal itu tidak ada atau terlalu jauh. Coba tulis lagi.")
_TOO_LATE = _(
    "{date} sudah lewat atau sudah dekat sekali, jadi tidak ada pengingat yang bisa dikirim sebelumnya. Baca dulu ini, "
    "atau ketik tanggal lain."
)
_CONFIRM = _("Saya akan mengingatkan pada pukul {hour} ({zone}):")
_FIRST_DAY = _("Hanya bulannya yang Anda tulis, jadi saya hitung dari tanggal 1.")
_QUIET = _("Malam hari tidak ada pengingat. Bisa dihentikan kapan saja dengan satu tekan. Setuju?")
_SAVED = _("Baik, saya ingatkan pertama kali pada {date}. Lihat atau hapus: /pengingat.")
_NOT_SET = _("Baik, tidak ada pengingat yang dipasang.")
_STOPPED = _("Baik, pengingat itu dihentikan.")
_ALL_STOPPED = _("Baik, semua pengingat dihentikan.")
_NONE = _("Belum ada pengingat.")
_LIST = _("⏰ Pengingat Anda. Tekan 🗑 untuk menghapus, atau ketik misalnya: hapus 1.")


def code(*parts: str) -> str:
    """The code of a button of this task."""
    return str(Code(Kind.STEP, ":".join(("reminders", *parts))))


def ask_kind(t: Translator) -> Reply:
    """What is the reminder about?"""
    rows = [(Choice(t.gettext(kind.label), code("kind", kind.id)),) for kind in reminders().kinds.values()]
    return Reply(t.gettext(_KIND), buttons=(*rows, _cancel(t)), topic=TOPIC)


def ask_date(t: Translator, kind: ReminderKind, wrong: bool = False) -> Reply:
    """On which date?"""
    lines = [t.gettext(_NO_SUCH_DAY)] if wrong else []
    lines += [t.gettext(kind.ask), t.gettext(_DATE_HOW)]
    return Reply("\n".join(lines), buttons=(_cancel(t),), topic=TOPIC)


def too_late(t: Translator, kind: ReminderKind, day: date) -> Reply:
    """Nothing can be sent before that date."""
    text = t.gettext(_TOO_LATE).format(date=t.date(day))
    return Reply(text, buttons=((topic_choice(t, kind.topic),), _cancel(t)), topic=TOPIC)


def confirm(
    t: Translator,
    kind: ReminderKind,
    who: str,
    dues: Sequence[Due],
    zone: str,
    country_zone: str | None,
    *,
    first: bool,
) -> Reply:
    """What would be sent when; agreed to, changed or left."""
    head = t.gettext(_CONFIRM).format(hour=f"{reminders().hour:02}.00", zone=zone_name(zone))
    lines = []
    for due in dues:
        sent = due.at.astimezone(ZoneInfo(zone)).date()
        lines.append(f"• {t.date(sent)}: {about(t, kind, who)} ({t.date(due.target)})")
    parts = ["\n".join((head, *lines))]
    if first:
        parts.append(t.gettext(_FIRST_DAY))
    parts.append(t.gettext(_QUIET))
    zones = [
        Choice(_on(name, zone == place), code("zone", name)) for name, place in reminders().zones.items()
    ]
    if country_zone and country_zone not in reminders().zones.values():
        zones.append(Choice(_on(zone_name(country_zone), zone == country_zone), code("zone", "there")))
    rows = (
        (
            Choice(t.gettext(_("✅ Ya, ingatkan")), code("yes")),
            Choice(t.gettext(_("📅 Tanggal lain")), code("date")),
        ),
        tuple(zones),
        _cancel(t),
    )
    return Reply("\n\n".join(parts), buttons=rows, topic=TOPIC, sources=kind.sources)


def _on(label: str, on: bool) -> str:
    return f"• {label}" if on else label


def zone_name(zone: str) -> str:
    """WIB, WITA, WIT, or the city of a zone abroad."""
    for name, place in reminders().zones.items():
        if place == zone:
            return name
    return zone.rpartition("/")[2].replace("_", " ")


def about(t: Translator, kind: ReminderKind, who: str) -> str:
    """The kind's label, with the person it is for where that is another."""
    asked = checklist().question(WHO)
    option = asked.option(who) if asked and who != SELF else None
    label = t.gettext(kind.label)
    return f"{label} – {t.gettext(option.of)}" if option and option.of else label


def saved(t: Translator, first: datetime, zone: str) -> Reply:
    """It is set."""
    text = t.gettext(_SAVED).format(date=t.date(first.astimezone(ZoneInfo(zone)).date()))
    return Reply(text, buttons=(_show(t),), topic=TOPIC)


def not_set(t: Translator) -> Reply:
    """The person changed their mind."""
    return Reply(t.gettext(_NOT_SET), topic=TOPIC)


def stopped(t: Translator, *, every: bool) -> Reply:
    """A reminder, or all, are gone."""
    return Reply(t.gettext(_ALL_STOPPED if every else _STOPPED), buttons=(_show(t),), topic=TOPIC)


def listed(t: Translator, held: Sequence[SetReminder]) -> Reply:
    """All that are set, each with its button to delete it."""
    add = (Choice(t.gettext(_("➕ Pengingat baru")), code("add")),)
    if not held:
        return Reply(t.gettext(_NONE), buttons=(add,), topic=TOPIC)
    lines, rows = [], []
    for number, one in enumerate(held, 1):
        kind = reminders().kinds[one.kind]
        following = t.date(one.next_at.astimezone(ZoneInfo(one.zone)).date())
        line = t.gettext(_("{number}. {what}, {date} (dikirim {next}, {zone})")).format(
            number=number,
            what=about(t, kind, one.who),
            date=t.date(one.day),
            next=following,
            zone=zone_name(one.zone),
        )
        lines.append(line)
        rows.append((Choice(f"🗑 {number}. {about(t, kind, one.who)}", code("stop", one.event)),))
    rows += [add, (Choice(t.gettext(_("🔕 Hentikan semua")), code("stop_all")),)]
    return Reply("\n".join((t.gettext(_LIST), *lines)), buttons=tuple(rows), topic=TOPIC)


def sent(
    t: Translator, kind: ReminderKind, moment: Moment, event: str, who: str, day: date, today: date
) -> Reply:
    """The reminder itself; one tap stops it."""
    target = moment.target(day)
    left = (target - today).days
    said = t.gettext(moment.text).format(date=t.date(target))
    if left > 1:
        away = t.ngettext("%(n)d hari lagi.", "%(n)d hari lagi.", left) % {"n": left}
    elif left < 0:
        away = t.gettext(_("Tanggal itu sudah lewat."))
    else:
        away = ""
    text = "\n\n".join(filter(None, (f"⏰ {about(t, kind, who)}", f"{said} {away}".strip())))
    rows = (
        (topic_choice(t, kind.topic),),
        (
            Choice(t.gettext(_("✅ Beres, hentikan ini")), code("stop", event)),
            Choice(t.gettext(_("🔕 Hentikan semua")), code("stop_all")),
        ),
    )
    return Reply(text, buttons=rows, topic=TOPIC, sources=kind.sources)


def _cancel(t: Translator) -> tuple[Choice, ...]:
    return (Choice(t.gettext(_("Tidak jadi")), code("cancel")),)


def _show(t: Translator) -> tuple[Choice, ...]:
    return (Choice(t.gettext(_("⏰ Lihat pengingat")), code("show")),)
