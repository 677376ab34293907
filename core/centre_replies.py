"""Replies of the look-up: where is the nearest centre, or which place was meant."""

from collections.abc import Sequence

from core import menus
from core.centres import FAR_KM, Centre, Office
from core.codes import Code, Kind
from core.languages import Translator
from core.languages import mark as _
from core.places import Place
from core.replies import Choice, Reply, Source, Venue

TOPIC = "task/find_centre"

_LEVELS = {
    "village": _("Desa/Kel. {name}, Kec. {district}, {regency}"),
    "district": _("Kec. {name}, {regency}"),
    "regency": _("{name}, {province}"),
    "province": _("Provinsi {name}"),
}


def place_name(t: Translator, place: Place) -> str:
    """A place with the areas it lies in, as a button or a line shows it."""
    pattern = t.gettext(_LEVELS[place.level])
    return pattern.format(
        name=place.name, district=place.district or "", regency=place.regency or "", province=place.province
    )


def ask_place(t: Translator) -> Reply:
    """The first question: where are you?"""
    return Reply(
        t.gettext(
            _(
                "Di mana rumah Anda? Ketik nama desa, kecamatan, dan kabupaten, misalnya: "
                "Kenanga, Sindang, Indramayu. Atau tekan tombol bagikan lokasi di bawah."
            )
        ),
        topic=TOPIC,
        ask_location=True,
    )


def unknown_place(t: Translator) -> Reply:
    """The place was not found."""
    return Reply(
        t.gettext(
            _(
                "Tempat itu belum saya temukan. Coba ketik nama desa dengan kecamatan dan kabupatennya, "
                "atau bagikan lokasi Anda. Ketik /batal untuk berhenti."
            )
        ),
        topic=TOPIC,
        ask_location=True,
    )


def which_place(t: Translator, candidates: Sequence[Place]) -> Reply:
    """Several places have that name."""
    rows = [(Choice(place_name(t, place), str(Code(Kind.PLACE, place.code))),) for place in candidates]
    return Reply(
        t.gettext(_("Ada beberapa tempat dengan nama itu. Yang mana? Atau ketik lebih lengkap.")),
        buttons=tuple(rows),
        topic=TOPIC,
    )


def which_district(t: Translator, place: Place) -> Reply:
    """A regency or province is too wide to name a distance from its middle."""
    return Reply(
        t.gettext(
            _(
                "{place} luas. Di kecamatan atau desa mana Anda tinggal? Ketik namanya, atau bagikan lokasi Anda."
            )
        ).format(place=place_name(t, place)),
        topic=TOPIC,
        ask_location=True,
    )


def nearest_centres(
    t: Translator,
    found: Sequence[tuple[Centre, float]],
    offices: Sequence[Office],
    checked: str,
    place: str = "",
) -> list[Reply]:
    """The nearest centres with distance, a pin each, and other offices when they are far.

    Args:
        t: The person's language.
        found: Centres with their distance in km, nearest first.
        offices: What to show beside them; empty when a centre is near.
        checked: Date (YYYY-MM-DD) on which the list was checked.
        place: The place from which was measured; empty for a shared location.
    """
    if not found:
        return [
            Reply(
                t.gettext(_("Daftar pusat Desmigratif masih kosong. Tanyakan di kantor desa atau Disnaker."))
            )
        ]
    lines = [
        t.gettext(_("Pusat Desmigratif terdekat dari {place}:")).format(place=place)
        if place
        else t.gettext(_("Pusat Desmigratif terdekat dari lokasi Anda:"))
    ]
    for number, (centre, km) in enumerate(found, 1):
        line = t.gettext(_("{number}. Desa {village}, Kec. {district}, {regency} – sekitar {km} km")).format(
            number=number,
            village=centre.village,
            district=centre.district,
            regency=centre.regency,
            km=t.number(round(km) if km >= 10 else round(km, 1)),
        )
        if centre.status == "prepared":
            line += t.gettext(_(" (menurut sumber baru disiapkan)"))
        lines.append(line)
    lines.append(
        t.gettext(
            _(
                "\nJarak lurus, bukan lewat jalan; titiknya tengah desa. Sebagian besar sumber dari 2017–2019, jadi "
                "loketnya mungkin sudah tutup, dan daftar ini belum lengkap. Tanya dulu ke kantor desa."
            )
        )
    )
    if offices:
        lines.append(t.gettext(_("\nKarena cukup jauh, Anda juga bisa ke:")))
        lines += [_office_line(office) for office in offices]
    elif found[0][1] > FAR_KM:
        lines.append(
            t.gettext(_("\nPusat itu jauh. Langkah berikutnya: tanya Disnaker kabupaten atau kota Anda."))
        )
    else:
        lines.append(
            t.gettext(_("\nLangkah berikutnya: datang ke kantor desa itu dan tanya petugas Desmigratif."))
        )
    sources = tuple(_source(centre) for centre, _km in found)
    text = Reply(
        "\n".join(lines),
        buttons=(menus.back_row(t),),
        topic=TOPIC,
        sources=tuple(dict.fromkeys(sources)),
        checked=checked,
    )
    return [text, *(_pin(t, centre) for centre, _km in found)]


def one_centre(t: Translator, centre: Centre, checked: str) -> tuple[Reply, ...]:
    """One centre, as a poster's link opens it: what it is, where, how sure, with its pin."""
    lines = [
        t.gettext(_("📍 Desmigratif Desa {village}, Kec. {district}, {regency}, {province}")).format(
            village=centre.village,
            district=centre.district,
            regency=centre.regency,
            province=centre.province,
        )
    ]
    if centre.status == "prepared":
        lines.append(t.gettext(_("Menurut sumber baru disiapkan.")))
    lines.append(
        t.gettext(_("Titiknya tengah desa. Langkah berikutnya: tanya petugas Desmigratif di kantor desa."))
    )
    text = Reply(
        "\n".join(lines),
        topic=TOPIC,
        sources=(_source(centre),),
        checked=checked,
    )
    return text, _pin(t, centre)


def _source(centre: Centre) -> Source:
    return Source(centre.source_title, _publisher(centre.source_url), centre.source_url, centre.source_date)


def _pin(t: Translator, centre: Centre) -> Reply:
    title = t.gettext(_("Desmigratif Desa {village}")).format(village=centre.village)
    address = f"Kec. {centre.district}, {centre.regency}, {centre.province}"
    return Reply("", venue=Venue(title, address, centre.lat, centre.lon), topic=TOPIC)


def _office_line(office: Office) -> str:
    where = office.address or office.regency or office.province
    return f"• {office.name} – {where}" + (f" ({office.source_date[:4]})" if office.source_date else "")


def _publisher(url: str) -> str:
    """The site's name, which is all that the list keeps of a publisher."""
    return url.partition("//")[2].partition("/")[0].removeprefix("www.").removeprefix("m.")
