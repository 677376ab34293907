"""Check an agency: is the company on the list, and - a question of its own - does it have an order for this country?"""

from collections.abc import Sequence
from datetime import date, timedelta

from core.agencies import Agency, look_up, named_in, worst
from core.catalogue import load_agencies
from core.codes import Code, Kind
from core.countries import countries, find_country
from core.languages import Translator
from core.languages import mark as _
from core.offer_signs import offer_signs
from core.replies import Choice, Reply, Source
from core.tasks.task import Context, Given, Step, TaskState

_NAME, _WHICH, _COUNTRY = "name", "which", "country"
_PICK, _NONE, _TO, _SKIP, _NEW = "pick", "none", "to", "skip", "new"
_SURE = 0.6
_LONGEST_NAME = 100
_FRESH_DAYS = 90
_OFFERED = ("MY", "HK", "TW", "SG", "KR", "JP", "SA", "BN")
"""Destinations shown as buttons; any other is typed."""
_TOPIC = "task/check_agency"

CHECKED = "2026-11-23"
REVIEW_BY = "2027-02-23"
LICENCE = (
    Source(
        "Penipuan CPMI ke Timur Tengah: cek SIP3MI",
        "Jabarnews",
        "https://www.jabarnews.com/daerah/penipuan-cpmi-ke-timur-tengah-disnakertrans-cianjur-hanya-sebatas-koordinasi/3",
        "2025",
    ),
    Source(
        "Kemnaker: pastikan P3MI berizin lewat Disnaker atau LTSA",
        "NTTpedia/Detik",
        "https://nttpedia.id/2022/01/17/hendak-ke-arab-12-calon-pekerja-migran-ilegal-asal-ntb-digagalkan-satgas-pmi/2",
        "2022-01-17",
    ),
)
"""Where it was read that a P3MI needs a licence and how to verify it; checked on `CHECKED`."""
ORDER = (
    Source(
        "Calon PMI ke Polandia yang nyaris jadi korban perdagangan orang",
        "Tempo",
        "https://nasional.tempo.co/read/1431221/kisah-calon-pekerja-migran-ke-polandia-yang-nyaris-jadi-korban-perdagangan-orang?page_num=1",
        "2021-02",
    ),
    *LICENCE[:1],
)
"""Where it was read that a company without SIP2MI for a country is a warning sign."""

_ASK_NAME = _("Tulis nama perusahaannya, selengkap mungkin, misalnya seperti di brosur atau papan kantornya.")
_ASK_WHICH = _(
    "Nama itu tidak persis ada dalam daftar kami. Apakah salah satu ini? Cocokkan huruf demi huruf."
)
_ASK_COUNTRY = _("Satu lagi yang penting: ke negara mana ditawarkan? Pilih atau ketik nama negaranya.")
_NO_LIST = _(
    "Kami belum punya daftar P3MI (perusahaan penempatan), jadi Desmi tidak bisa mengatakan apakah perusahaan itu berizin."
)
_LISTED = _(
    "{name}{city}: ada dalam daftar P3MI per {date}{licence}. Ada dalam daftar belum berarti semua tawarannya benar."
)
_SUSPENDED = _(
    "⚠️ {name}{city}: izinnya dibekukan (skorsing) menurut daftar per {date}{licence}. Jangan bayar dan jangan serahkan dokumen."
)
_REVOKED = _(
    "⚠️ {name}{city}: izinnya dicabut menurut daftar per {date}{licence}. Jangan bayar dan jangan serahkan dokumen."
)
_UNKNOWN = _(
    "“{name}” tidak ada dalam daftar kami per {date}. Itu bisa berarti tidak berizin, berganti nama, atau baru. "
    "Jangan bayar sebelum dipastikan."
)
_CONFIRM = _(
    "Cara memastikan: cari namanya di siskop2mi.bp2mi.go.id, atau tanya Disnaker, LTSA, atau BP3MI. Datangi kantornya dan minta lihat SIP3MI. "
    "SIUP (izin dagang) bukan SIP3MI."
)
_JOB_ORDER = _(
    "Izin perusahaan (SIP3MI) berbeda dari izin untuk lowongan ini (SIP2MI dan job order). Minta lihat keduanya untuk {country}: "
    "nama perusahaan, negara, dan jabatan harus sama dengan tawaran. Cocokkan di siskop2mi.bp2mi.go.id (menu lowongan) atau di Disnaker dan BP3MI."
)
_SENTENCES = {"active": _LISTED, "suspended": _SUSPENDED, "revoked": _REVOKED}


class CheckAgency:
    """The task."""

    name = "check_agency"

    async def start(self, context: Context, given: Given) -> Step:
        """Look up the name that was given, or ask for it; with no list say so first."""
        agencies = await _list(context)
        if not agencies:
            text = f"{context.t.gettext(_NO_LIST)}\n\n{context.t.gettext(_CONFIRM)}"
            return self._then_country(
                context, Reply(text, topic=_TOPIC, sources=LICENCE, checked=CHECKED, review_by=REVIEW_BY)
            )
        if (name := named_in(given.text)) is not None:
            return self._look_up(context, agencies, name)
        return self._ask_name(context)

    async def take(self, context: Context, state: TaskState | None, given: Given) -> Step | None:
        """The name, which of several, or the country."""
        if given.value == _NEW:
            return await self.start(context, Given())
        if state is None:
            return None
        if state.step == _COUNTRY:
            return self._country(context, given)
        agencies = await _list(context)
        if given.value is not None:
            return self._picked(context, state, agencies, given.value)
        text = given.text.strip()
        if state.step == _WHICH and text.isdigit() and 1 <= int(text) <= len(state.data["near"]):
            return self._picked(context, state, agencies, f"{_PICK}:{int(text) - 1}")
        name = named_in(text)
        asks = (given.topic or "").partition("/")[0] not in ("", "task", "bot") and given.confidence >= _SURE
        if name is None and (not text or len(text) > _LONGEST_NAME or text.endswith("?") or asks):
            found = look_up(agencies, text) if text and len(text) <= _LONGEST_NAME else None
            if found is None or found.kind != "same":
                return None
        return self._look_up(context, agencies, name or text)

    def ask(self, context: Context, state: TaskState) -> Reply:
        """See `core.tasks.task.Task`."""
        if state.step == _WHICH:
            return _which(context.t, state)
        if state.step == _COUNTRY:
            return _ask_country(context.t)
        return Reply(context.t.gettext(_ASK_NAME), topic=_TOPIC)

    def _ask_name(self, context: Context) -> Step:
        state = TaskState(self.name, _NAME)
        return Step(state, (self.ask(context, state),))

    def _look_up(self, context: Context, agencies: Sequence[Agency], name: str) -> Step:
        found = look_up(agencies, name)
        if found.kind == "near":
            near = [
                f"{agency.name} ({agency.city})" if agency.city else agency.name for agency in found.agencies
            ]
            state = TaskState(
                self.name, _WHICH, {"asked": name, "near": near, "names": [a.name for a in found.agencies]}
            )
            return Step(state, (self.ask(context, state),))
        return self._answer(context, agencies, name, found.agencies)

    def _picked(
        self, context: Context, state: TaskState, agencies: Sequence[Agency], value: str
    ) -> Step | None:
        kind, _separator, number = value.partition(":")
        if state.step != _WHICH:
            return None
        if kind == _NONE:
            return self._answer(context, agencies, str(state.data["asked"]), ())
        names = state.data["names"]
        if kind != _PICK or not number.isdigit() or int(number) >= len(names):
            return None
        return self._answer(
            context, agencies, names[int(number)], look_up(agencies, names[int(number)]).agencies
        )

    def _answer(
        self, context: Context, agencies: Sequence[Agency], name: str, found: Sequence[Agency]
    ) -> Step:
        t = context.t
        if not agencies:  # the list was taken away meanwhile
            text = t.gettext(_NO_LIST)
        elif not found:
            text = t.gettext(_UNKNOWN).format(name=name, date=_day(t, agencies[0].as_of))
        else:
            # of several companies of one name the one that warns most comes first
            ordered = sorted(found, key=lambda agency: agency.status != worst(found))
            text = "\n\n".join(_sentence(t, agency) for agency in ordered)
        about = (found or agencies)[:1]
        sources = tuple(Source(a.source_title, a.source_publisher, a.source_url, a.as_of) for a in about)
        reply = Reply(
            f"{text}\n\n{t.gettext(_CONFIRM)}",
            topic=_TOPIC,
            sources=(*sources, *LICENCE),
            checked=about[0].as_of if about else CHECKED,
            review_by=_stale_after(about[0].as_of) if about else REVIEW_BY,
        )
        return self._then_country(context, reply)

    def _then_country(self, context: Context, reply: Reply) -> Step:
        state = TaskState(self.name, _COUNTRY)
        return Step(state, (reply, self.ask(context, state)))

    def _country(self, context: Context, given: Given) -> Step | None:
        kind, _separator, code = (given.value or "").partition(":")
        t = context.t
        if given.value is None:
            skip = given.text.strip().lower() in _skip_words(t)
            code = "" if skip else find_country(given.text) or ""
            short = len(given.text.split()) <= 4
            if not skip and (not code or "?" in given.text or not short):
                return None
        elif kind not in (_TO, _SKIP) or (kind == _TO and code not in countries()):
            return None
        country = countries().get(code)
        name = country.name if country else t.gettext(_("negara yang ditawarkan"))
        text = [t.gettext(_JOB_ORDER).format(country=name)]
        sources: tuple[Source, ...] = ORDER
        if warning := _warning(code):
            text.insert(0, f"⚠️ {t.gettext(warning[0])}")
            sources = (warning[1], *ORDER)
        reply = Reply(
            "\n\n".join(text),
            buttons=_next_steps(t),
            topic=_TOPIC,
            sources=sources,
            checked=CHECKED,
            review_by=REVIEW_BY,
        )
        return Step(None, (reply,))


async def _list(context: Context) -> list[Agency]:
    return await load_agencies(context.database) if context.database is not None else []


def _sentence(t: Translator, agency: Agency) -> str:
    city = f" ({agency.city})" if agency.city else ""
    licence = t.gettext(_(", nomor izin {number}")).format(number=agency.licence) if agency.licence else ""
    return t.gettext(_SENTENCES[agency.status]).format(
        name=agency.name, city=city, date=_day(t, agency.as_of), licence=licence
    )


def _day(t: Translator, day: str) -> str:
    return t.date(date.fromisoformat(day))


def _stale_after(as_of: str) -> str:
    """The day after which the person is told that a list may have changed."""
    return (date.fromisoformat(as_of) + timedelta(days=_FRESH_DAYS)).isoformat()


def _code(value: str) -> str:
    return str(Code(Kind.STEP, f"check_agency:{value}"))


def _which(t: Translator, state: TaskState) -> Reply:
    rows = [
        (Choice(name[:60], _code(f"{_PICK}:{number}")),) for number, name in enumerate(state.data["near"])
    ]
    rows.append((Choice(t.gettext(_("Bukan salah satunya")), _code(_NONE)),))
    listed = "\n".join(f"{number}. {name}" for number, name in enumerate(state.data["near"], start=1))
    return Reply(f"{t.gettext(_ASK_WHICH)}\n\n{listed}", buttons=tuple(rows), topic=_TOPIC)


def _ask_country(t: Translator) -> Reply:
    named = [c for code in _OFFERED if (c := countries().get(code)) is not None]
    choices = [Choice(country.name, _code(f"{_TO}:{country.id}")) for country in named]
    rows = [tuple(choices[i : i + 2]) for i in range(0, len(choices), 2)]
    rows.append((Choice(t.gettext(_("Lewati")), _code(_SKIP)),))
    return Reply(t.gettext(_ASK_COUNTRY), buttons=tuple(rows), topic=_TOPIC)


def _skip_words(t: Translator) -> frozenset[str]:
    return frozenset({"lewati", "skip", t.gettext(_("Lewati")).lower()})


def _warning(code: str) -> tuple[str, Source] | None:
    """What is known of a country that speaks against leaving for it, with its source."""
    known = offer_signs()
    sign = next((sign for sign in known.signs if code and code in known.warned.get(sign.id, ())), None)
    return (sign.explanation, sign.source) if sign else None


def _next_steps(t: Translator) -> tuple[tuple[Choice, ...], ...]:
    return (
        (Choice(t.gettext(_("📍 Kantor terdekat")), str(Code(Kind.TASK, "find_centre"))),),
        (Choice(t.gettext(_("🔎 Periksa tawaran kerja")), str(Code(Kind.TASK, "check_offer"))),),
        (Choice(t.gettext(_("🏢 Cek perusahaan lain")), _code(_NEW)),),
    )
