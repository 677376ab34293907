"""Pages: say what a message is really about; a whole page, and a piece beside the message for HTMX."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import topic_choice
from console.desk import Desk, Page
from core.countries import countries
from core.languages import mark as _
from core.learning import corrections
from core.learning.corrections import CorrectionError, Part
from core.storage.learning import Correction
from core.storage.models import Area, Message
from core.topics import OUT_OF_SCOPE, topics

AREAS = 12
"""Places offered where a name fits several."""

STATES = {
    "waiting": _("menunggu orang kedua"),
    "queued": _("di antrean latihan"),
    "learned": _("sudah dipelajari"),
    "merged": _("sudah dipelajari"),
    "refused": _("tidak dipakai"),
}
FAULTS = {
    "not_permitted": _(
        "Orang ini belum mengizinkan, atau sudah mencabut izin. Kalimatnya tidak boleh dipakai."
    ),
    "unknown_topic": _("Topik itu tidak ada. Pilih dari daftar."),
    "unknown_place": _("Kata itu tidak ada dalam pesan, atau artinya belum dipilih."),
    "not_waiting": _("Koreksi ini tidak lagi menunggu."),
    "same_person": _("Topik darurat harus disetujui orang lain, bukan yang mengusulkan."),
}
_WHICH = _("Pilih satu topik dari yang cocok.")
_NOTHING = _("Tidak ada topik dengan kata itu. Coba kata lain.")
_WHICH_PLACE = _("Pilih satu tempat dari yang cocok.")


async def tools(desk: Desk, session: AsyncSession, messages: Sequence[Message]) -> Mapping[int, Markup]:
    """The piece beside each text of a conversation: what was corrected, and where to do it."""
    texts = [message for message in messages if message.direction == "in" and message.kind == "text"]
    rows = await session.scalars(
        select(Correction).where(Correction.message.in_([m.id for m in texts])).order_by(Correction.id)
    )
    said: dict[int, list[Correction]] = {}
    for row in rows:
        said.setdefault(row.message or 0, []).append(row)
    return {
        message.id: Markup(  # noqa: S704 (the template escapes)
            bytes(
                desk.part(
                    "correct_tool.html",
                    message=message,
                    said=said.get(message.id, []),
                    states=STATES,
                    topics=topics(),
                ).body
            ).decode()
        )
        for message in texts
    }


async def _show(desk: Desk) -> Response:
    return await _form(desk)


async def _form(
    desk: Desk, fault: str = "", choices: Sequence[str] = (), areas: Sequence[Area] = (), status: int = 200
) -> Response:
    """The form; `choices` are topics and `areas` places that what was typed may mean."""
    number = desk.request.path_params["message"]
    async with desk.database.begin() as session:
        message = await _message(session, number)
        desk.record(session, "view", "chat", message.chat)
    async with desk.database.read() as session:
        permitted = await corrections.permitted(session, number) is not None
        said = await corrections.of_message(session, number)
    context = {
        "message": message, "permitted": permitted, "said": said, "states": STATES, "topics": topics(),
        "names": topic_choice.names(desk.t), "choices": choices, "fault": fault, "outside": OUT_OF_SCOPE,
        "areas": areas, "countries": list(countries()), "typed": {key: desk.value(key) for key in
                                                               ("text", "topic", "text_2", "topic_2", "words", "place", "kind")},
    }  # fmt: skip
    if desk.htmx:
        return desk.part("correct_form.html", status=status, **context)
    return await desk.page("correct.html", status=status, **context)


async def _message(session: AsyncSession, number: int) -> Message:
    message = await session.get(Message, number)
    if message is None or message.direction != "in" or message.kind != "text":
        raise HTTPException(404)
    return message


async def _correct(desk: Desk) -> Response:
    number = desk.request.path_params["message"]
    async with desk.database.read() as session:
        message = await _message(session, number)
    what = desk.value("what")
    if what == "entity":
        return await _entity(desk, message)
    text = desk.value("text") or message.text
    wanted = {"accept": message.topic or "", "outside": OUT_OF_SCOPE}.get(what) or desk.value("topic")
    parts: list[Part] = []
    pairs = [(text, wanted)]
    if what == "split":
        pairs.append((desk.value("text_2"), desk.value("topic_2")))
    for sentence, name in pairs:
        found = topic_choice.find(desk.t, name)
        if len(found) != 1 or not sentence:
            return await _form(desk, _WHICH if found else _NOTHING, found, status=422)
        parts.append(Part(sentence, found[0]))
    try:
        async with desk.database.begin() as session:
            made = await corrections.propose(session, number, parts, desk.member.name)
            for row in made:
                desk.record(session, "correct", "message", str(number), topic=row.topic, state=row.state)
    except CorrectionError as error:
        return await _form(desk, FAULTS[error.reason], status=422)
    return desk.redirect(f"/messages/{number}/correct")


async def _entity(desk: Desk, message: Message) -> Response:
    kind = "country" if desk.value("kind") == "country" else "place"
    value = desk.value("country") if kind == "country" else ""
    if kind == "place":
        areas = await _areas(desk, desk.value("place"))
        if len(areas) > 1:
            return await _form(desk, _WHICH_PLACE, areas=areas, status=422)
        value = areas[0].code if areas else ""
    elif value not in countries():
        value = ""
    try:
        async with desk.database.begin() as session:
            await corrections.name_entity(
                session, message.id, kind, desk.value("words"), value, desk.member.name
            )
            desk.record(session, "correct", "message", str(message.id), entity=kind, value=value)
    except CorrectionError as error:
        return await _form(desk, FAULTS[error.reason], status=422)
    return desk.redirect(f"/messages/{message.id}/correct")


async def _areas(desk: Desk, typed: str) -> Sequence[Area]:
    """Areas with this official code or name, with or without "Kabupaten" or "Kota"."""
    name = " ".join(typed.split())
    if not name:
        return []
    names = [name.lower(), f"kabupaten {name}".lower(), f"kota {name}".lower()]
    async with desk.database.read() as session:
        query = select(Area).where(or_(Area.code == name, func.lower(Area.name).in_(names)))
        return (await session.scalars(query.order_by(func.length(Area.code), Area.code).limit(AREAS))).all()


PAGES = (
    Page("/messages/{message:int}/correct", _show, "reviewer"),
    Page("/messages/{message:int}/correct", _correct, "reviewer", ("POST",)),
)
