"""Checklist pages: the list with its tick buttons, a paper's page, the questions, the page of answers."""

from collections.abc import Collection, Iterable, Sequence

from core.checklist import COUNTRY, WHO, Checklist, Item, Profile, Question, Rule
from core.codes import Code, Kind
from core.countries import countries
from core.languages import Translator
from core.languages import mark as _
from core.menus import topic_choice
from core.replies import Choice, Reply, Source

TOPIC = "task/checklist"
SELF = "self"
_DIFFER = "documents/data_mismatch"
_AFTER = "migration/departure"
_WITHHELD = "documents/withheld"

_INTRO = _("Saya susun daftar dokumen yang pas. Setiap pertanyaan boleh dilewati.")
_NO_PAYS = _("Biaya: belum ada keterangan yang pasti. Tanyakan sebelum membayar, dan minta bukti bayar.")
_NO_TAKES = _("Waktu: tidak ada angka yang pasti. Tanyakan di tempat mengurusnya.")


def code(*parts: str) -> str:
    """The code of a button of this task."""
    return str(Code(Kind.STEP, ":".join(("checklist", *parts))))


def question(
    t: Translator, rules: Checklist, asked: Question, profile: Profile, country: str | None
) -> Reply:
    """A question with its options; the country that was spoken of before comes first."""
    place = rules.questions.index(asked) + 1
    text = f"{place}/{len(rules.questions)}. {t.gettext(asked.text)}"
    if place == 1:
        text = f"{t.gettext(_INTRO)}\n\n{text}"
    options = [(option.id, t.gettext(option.label)) for option in asked.options]
    known = countries().get(country) if country and asked.id == COUNTRY else None
    if known is not None:
        options = [(known.id, known.name), *(option for option in options if option[0] != known.id)]
    wide = max(len(label) for _id, label in options) > 16
    choices = [
        Choice(_ticked(label, profile.get(asked.id) == value), code("a", asked.id, value))
        for value, label in options
    ]
    rows = [tuple(choices[i : i + (1 if wide else 2)]) for i in range(0, len(choices), 1 if wide else 2)]
    end = (
        Choice(t.gettext(_("⏭ Lewati")), code("k", asked.id)),
        Choice(t.gettext(_("📋 Lihat daftar")), code("list")),
    )
    return Reply(text, buttons=(*rows, end), topic=TOPIC)


def _ticked(label: str, on: bool) -> str:
    return f"• {label}" if on else label


def heading(t: Translator, rules: Checklist, who: str, profile: Profile) -> str:
    """For whom and for what the list is."""
    asked = rules.question(WHO)
    option = asked.option(who) if asked else None
    whose = t.gettext(option.of) if option and option.of else t.gettext(_("Anda"))
    line = t.gettext(_("📋 Dokumen untuk {who}")).format(who=whose)
    facts = [answer(t, rules, q.id, profile[q.id]) for q in rules.questions if q.id in profile]
    return "\n".join(filter(None, (line, " · ".join(facts))))


def answer(t: Translator, rules: Checklist, name: str, value: str) -> str:
    """An answer as a person reads it."""
    if name == COUNTRY and (country := countries().get(value)) is not None:
        return country.name
    asked = rules.question(name)
    option = asked.option(value) if asked else None
    return t.gettext(option.of or option.label) if option else value


def listed(t: Translator, rules: Checklist, who: str, profile: Profile, ticks: Collection[str]) -> Reply:
    """The list: progress, papers in the order of getting them, notes, the next step, tick buttons."""
    items, notes = rules.items_for(profile), rules.notes_for(profile)
    have = [item for item in items if item.id in ticks]
    parts = [heading(t, rules, who, profile)]
    progress = t.gettext(_("{have} dari {all} sudah ada.")).format(have=len(have), all=len(items))
    lines = [f"{_mark(item, ticks)} {n}. {t.gettext(item.name)}" for n, item in enumerate(items, 1)]
    parts.append("\n".join((progress, *lines)))
    parts += [t.gettext(note.rule.text) for note in notes]
    if len(profile) < len(rules.questions) - 1:
        parts.append(t.gettext(_("Daftar ini masih umum: tekan Ubah jawaban supaya lebih pas.")))
    parts.append(_next(t, items, ticks))
    rows: list[tuple[Choice, ...]] = [
        (
            Choice(f"{_mark(item, ticks)} {n}. {t.gettext(item.name)}", code("t", who, item.id)),
            Choice("ℹ️", code("i", who, item.id)),
        )
        for n, item in enumerate(items, 1)
    ]
    rows += [(topic_choice(t, topic),) for topic in dict.fromkeys(note.topic for note in notes)]
    if len(have) == len(items):
        rows.append((topic_choice(t, _AFTER),))
    rows.append(
        (
            Choice(t.gettext(_("❓ Ada yang hilang")), code("l", who)),
            Choice(t.gettext(_("⚠️ Data beda")), str(Code(Kind.TOPIC, _DIFFER))),
        )
    )
    rows.append(
        (
            Choice(t.gettext(_("✏️ Ubah jawaban")), code("e", who)),
            Choice(t.gettext(_("⏰ Pengingat")), str(Code(Kind.TASK, "reminders"))),
        )
    )
    rules_shown = [*(note.rule for note in notes), *(item.rule for item in items)]
    return _sourced("\n\n".join(parts), rows, rules_shown)


def _mark(item: Item, ticks: Collection[str]) -> str:
    return "✅" if item.id in ticks else "⬜"


def _next(t: Translator, items: Sequence[Item], ticks: Collection[str]) -> str:
    following = next((item for item in items if item.id not in ticks), None)
    if following is None:
        return t.gettext(
            _("Semua sudah ada. Langkah berikutnya: periksa sekali lagi nama dan tanggal di setiap dokumen.")
        )
    how = t.gettext(
        _('Sudah punya? Tekan namanya, atau ketik misalnya "paspor sudah". Tekan ℹ️ untuk penjelasan.')
    )
    line = t.gettext(_("Langkah berikutnya: {name}.")).format(name=t.gettext(following.name))
    return f"{how}\n{line}"


def _sourced(text: str, rows: Iterable[tuple[Choice, ...]], rules: Sequence[Rule]) -> Reply:
    sources: tuple[Source, ...] = tuple(dict.fromkeys(source for rule in rules for source in rule.sources))
    oldest = min((rule.checked for rule in rules), default=None)
    return Reply(text, buttons=tuple(rows), topic=TOPIC, sources=sources, checked=oldest)


def paper(t: Translator, who: str, item: Item, profile: Profile) -> Reply:
    """What is known of getting a paper, and the way to its answer."""
    details = [detail for detail in item.details if detail.holds(profile)]
    where = t.gettext(_("Di mana: {text}")).format(text=t.gettext(item.where)) if item.where else ""
    pays = t.gettext(_("Biaya: {text}")).format(text=t.gettext(item.pays)) if item.pays else ""
    takes = t.gettext(_("Waktu: {text}")).format(text=t.gettext(item.takes)) if item.takes else ""
    lines = [
        where,
        *(t.gettext(detail.text) for detail in details),
        pays or t.gettext(_NO_PAYS),
        takes or t.gettext(_NO_TAKES),
    ]
    body = "\n".join(f"• {line.rstrip('.')}." for line in lines if line)
    rows = [(topic_choice(t, item.topic),)]
    if item.lost:
        if item.lost != item.topic:
            rows.append((topic_choice(t, item.lost),))
        rows.append((topic_choice(t, _DIFFER),))
    rows.append((Choice(t.gettext(_("⬅️ Kembali ke daftar")), code("s", who)),))
    return _sourced(f"{t.gettext(item.name)}\n{body}", rows, [*(d for d in details), item.rule])


def lost(t: Translator, who: str, items: Sequence[Item]) -> Reply:
    """Which paper is lost? Each leads to its answer."""
    found = [item for item in items if item.lost]
    rows = [(Choice(t.gettext(item.name), str(Code(Kind.TOPIC, item.lost))),) for item in found]
    rows.append((topic_choice(t, _WITHHELD),))
    rows.append((Choice(t.gettext(_("⬅️ Kembali ke daftar")), code("s", who)),))
    return Reply(
        t.gettext(_("Dokumen mana yang hilang, rusak, atau ditahan orang?")), buttons=tuple(rows), topic=TOPIC
    )


def differing(t: Translator, who: str) -> Reply:
    """The data of two papers differ: the way to the answer."""
    return Reply(
        t.gettext(_("Data di dokumen berbeda? Baca dulu ini sebelum mengurus yang lain:")),
        buttons=((topic_choice(t, _DIFFER),), (Choice(t.gettext(_("⬅️ Kembali ke daftar")), code("s", who)),)),
        topic=TOPIC,
    )


def answers(t: Translator, rules: Checklist, who: str, profile: Profile) -> Reply:
    """All answers, each to be changed."""
    known = {WHO: who, **profile}
    rows = []
    for asked in rules.questions:
        value = known.get(asked.id)
        option = asked.option(value or "")
        said = t.gettext(option.label) if option else answer(t, rules, asked.id, value) if value else "–"
        rows.append((Choice(f"{t.gettext(asked.short)}: {said}", code("q", who, asked.id)),))
    rows.append((Choice(t.gettext(_("⬅️ Kembali ke daftar")), code("s", who)),))
    text = t.gettext(_('Jawaban mana yang berubah? Tekan, atau ketik misalnya "ganti negara Malaysia".'))
    return Reply(text, buttons=tuple(rows), topic=TOPIC)


def reminder_of_list(t: Translator, have: int, total: int) -> Reply:
    """One line that says where the list stands, after another question in between."""
    text = t.gettext(_("Daftar dokumen Anda: {have} dari {all}. Selesai? Ketik selesai.")).format(
        have=have, all=total
    )
    return Reply(text, buttons=((Choice(t.gettext(_("📋 Lihat daftar")), code("list")),),), topic=TOPIC)
