"""Signing in and out, one's own password and language."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select
from starlette.responses import JSONResponse, Response

from console import accounts, sessions
from console.desk import LANGUAGES, Desk, Page
from console.gate import LANGUAGE_COOKIE, cookie_names, set_cookie
from console.throttle import Throttle
from core.languages import mark as _
from core.storage.staff import Audit, Staff

_WRONG = _("Nama atau kata sandi tidak cocok.")
_TOO_MANY = _("Terlalu banyak percobaan. Coba lagi pukul {time}.")
_NOT_SAME = _("Kedua kata sandi baru tidak sama.")
_OLD_WRONG = _("Kata sandi sekarang tidak cocok.")
_UNCHANGED = _("Kata sandi baru harus lain dari yang sekarang.")


def local_path(address: str) -> str:
    """A path of this console; the first page for anything else, so that nobody is sent to another site."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and not parts.scheme and not parts.netloc and address.isprintable() else "/"


async def _form(desk: Desk) -> Response:
    if desk.visitor is not None:
        return desk.redirect("/")
    return await _sign_in_page(desk, "")


async def _sign_in_page(desk: Desk, fault: str, *, status: int = 200) -> Response:
    async with desk.database.read() as session:
        anybody = await session.scalar(select(func.count()).select_from(Staff))
    goal = desk.value("next") or parse_qs(desk.request.url.query).get("next", ["/"])[0]
    return await desk.page(
        "sign_in.html", status=status, fault=fault, name=desk.value("name"), goal=local_path(goal),
        nobody=not anybody,
    )  # fmt: skip


async def _sign_in(desk: Desk) -> Response:
    name, password = desk.value("name").lower()[:40], str(desk.form.get("password") or "")
    client = desk.request.client
    throttle = Throttle(desk.keys, name, client.host if client else "")
    async with desk.database.read() as session:
        closed = await throttle.closed_until(session)
        row = (await session.scalars(select(Staff).where(Staff.name == name, Staff.active))).one_or_none()
    if closed is not None:
        return await _sign_in_page(
            desk, desk.t.gettext(_TOO_MANY).format(time=desk.moment(closed, "HH.mm")), status=429
        )
    right = await accounts.fits(row.password if row else None, password)
    async with desk.database.begin() as session:
        if row is None or not right:
            await throttle.count(session)
            # a name that nobody has may be a password typed into the wrong field
            known = row.name if row else "?"
            session.add(Audit(staff=known, action="sign_in_failed", kind="staff", name=known, detail={}))
            token = ""
        else:
            await throttle.clear(session)
            token = await sessions.start(session, row.id)
            session.add(Audit(staff=name, action="sign_in", kind="staff", name=name, detail={}))
    if not token:
        return await _sign_in_page(desk, desk.t.gettext(_WRONG), status=403)
    response = desk.redirect(local_path(desk.value("next")))
    set_cookie(desk.site, response, cookie_names(desk.site)[0], token)
    return response


async def _sign_out(desk: Desk) -> Response:
    async with desk.database.begin() as session:
        await sessions.end(session, desk.token)
        desk.record(session, "sign_out", "staff", desk.member.name)
    response = desk.redirect("/login")
    for name in cookie_names(desk.site):
        response.delete_cookie(name, path="/", httponly=True, samesite="strict")
    return response


async def _password_form(desk: Desk) -> Response:
    return await desk.page("password.html", fault="", least=accounts.PASSWORD_CHARS)


async def _change_password(desk: Desk) -> Response:
    old, new, again = (str(desk.form.get(field) or "") for field in ("old", "new", "again"))
    member, t = desk.member, desk.t
    client = desk.request.client
    throttle = Throttle(desk.keys, member.name, client.host if client else "")
    async with desk.database.read() as session:
        row = await session.get_one(Staff, member.id)
        closed = await throttle.closed_until(session)
    if closed is not None:
        fault = t.gettext(_TOO_MANY).format(time=desk.moment(closed, "HH.mm"))
        return await desk.page("password.html", status=429, fault=fault, least=accounts.PASSWORD_CHARS)
    weak = accounts.password_fault(member.name, new)
    fault = ""
    if not await accounts.fits(row.password, old):
        fault = t.gettext(_OLD_WRONG)
        async with desk.database.begin() as session:
            await throttle.count(session)
    elif new != again:
        fault = t.gettext(_NOT_SAME)
    elif weak:
        fault = t.gettext(weak).format(n=accounts.PASSWORD_CHARS)
    elif new == old:
        fault = t.gettext(_UNCHANGED)
    if fault:
        return await desk.page("password.html", status=422, fault=fault, least=accounts.PASSWORD_CHARS)
    secret = await accounts.hashed(new)
    async with desk.database.begin() as session:
        row = await session.get_one(Staff, member.id)
        row.password, row.must_change = secret, False
        await sessions.end_others(session, member.id, desk.token)
        desk.record(session, "change_password", "staff", member.name)
    return desk.redirect("/")


async def _language(desk: Desk) -> Response:
    code = desk.value("language")
    if code not in LANGUAGES:
        return desk.redirect("/")
    if desk.visitor is not None:
        async with desk.database.begin() as session:
            (await session.get_one(Staff, desk.visitor.id)).language = code
    response = desk.redirect(local_path(desk.value("next")))
    set_cookie(desk.site, response, LANGUAGE_COOKIE, code)
    return response


async def _first_page(desk: Desk) -> Response:
    mine = [screen for screen in desk.site.screens if desk.member.may(screen.role)]
    return desk.redirect(mine[0].path if mine else "/account/password")


async def _health(desk: Desk) -> Response:
    async with desk.database.read() as session:
        await session.execute(select(1))
    return JSONResponse({"status": "ok", "at": datetime.now(UTC).isoformat(timespec="seconds")})


PAGES = (
    Page("/", _first_page, "reviewer"),
    Page("/login", _form, None),
    Page("/login", _sign_in, None, ("POST",)),
    Page("/logout", _sign_out, "reviewer", ("POST",), before_change=True),
    Page("/account/password", _password_form, "reviewer", before_change=True),
    Page("/account/password", _change_password, "reviewer", ("POST",), before_change=True),
    Page("/language", _language, None, ("POST",)),
    Page("/health", _health, None, background=True),
)
