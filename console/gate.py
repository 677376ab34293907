"""The gate before every page: who asks, whether they may, and whether a form is one of ours."""

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console import sessions
from console.accounts import Member
from console.desk import LANGUAGES, Desk, Page, Site
from core.languages import SOURCE, translator
from core.logs import where

logger = logging.getLogger(__name__)

MAX_BYTES = 8 * 2**20
"""Largest form, with an uploaded file, in bytes."""
MAX_FIELDS = 500
READING = frozenset({"GET", "HEAD"})
LANGUAGE_COOKIE = "desmi_language"


def cookie_names(site: Site) -> tuple[str, str]:
    """Names of the session's cookie and of the one that a form needs before anybody is signed in."""
    # the prefix makes browsers refuse them unless they are Secure and of this host alone (RFC 6265bis)
    prefix = "__Host-" if secure(site) else ""
    return f"{prefix}desmi_session", f"{prefix}desmi_form"


def secure(site: Site) -> bool:
    """Whether staff reach the console by https."""
    return site.settings.console_address.startswith("https:")


def set_cookie(site: Site, response: Response, name: str, value: str) -> None:
    """Set a cookie that no script reads and no other site sends; it ends with the browser."""
    response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=secure(site))


async def open_desk(site: Site, request: Request, *, background: bool = False) -> Desk:
    """The desk of a request, its form not yet read."""
    session_cookie, form_cookie = cookie_names(site)
    token = request.cookies.get(session_cookie, "")
    member = await sessions.find(site.database, token, background=background) if token else None
    if member is None:
        token = request.cookies.get(form_cookie) or secrets.token_urlsafe(24)
    return Desk(request, site, member, token, translator(_language(request, member)))


def _language(request: Request, member: Member | None) -> str:
    if member is not None:
        return member.language
    asked = [request.cookies.get(LANGUAGE_COOKIE, "")]
    asked += [part.split(";")[0].split("-")[0].strip() for part in
              request.headers.get("accept-language", "").lower().split(",")]  # fmt: skip
    return next((code for code in asked if code in LANGUAGES), SOURCE)


def guarded(site: Site, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page's function behind the gate, as Starlette calls it."""

    async def answer(request: Request) -> Response:
        desk = await open_desk(site, request, background=page.background)
        try:
            return _seen(desk, await _pass(desk, page))
        except HTTPException as error:
            return await refusal(desk, error.status_code)
        except (SQLAlchemyError, OSError) as error:
            logger.error("%s: %s\n%s", page.path, error.__class__.__name__, where(error))
            return await refusal(desk, 503)
        except Exception as error:
            # the error's own words may quote a person
            logger.error("%s: %s\n%s", page.path, error.__class__.__name__, where(error))
            return await refusal(desk, 500)
        finally:
            # a file that was sent lies in a temporary one, whether its page asked for it or not
            await request.close()

    return answer


async def _pass(desk: Desk, page: Page) -> Response:
    if page.role is not None:
        if desk.visitor is None:
            return _to_sign_in(desk)
        if desk.visitor.must_change and not page.before_change:
            return desk.redirect("/account/password")
        if not desk.visitor.may(page.role):
            logger.warning("%s (%s) was refused %s", desk.visitor.name, desk.visitor.role, page.path)
            raise HTTPException(403)
    if desk.request.method not in READING:
        desk = await _with_form(desk)
    return await page.endpoint(desk)


def _to_sign_in(desk: Desk) -> Response:
    url = desk.request.url
    # after a form was sent too late, its page is shown again, not its result
    wanted = url.path + (f"?{url.query}" if url.query else "") if desk.request.method in READING else "/"
    target = "/login" if wanted == "/" or desk.htmx else f"/login?next={quote(wanted)}"
    return desk.redirect(target)


async def _with_form(desk: Desk) -> Desk:
    """The desk with its form; refuses one that did not come from a page of ours."""
    request = desk.request
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > MAX_BYTES:
        raise HTTPException(413)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(400)
    form = await request.form(max_fields=MAX_FIELDS, max_part_size=MAX_BYTES)
    sent = request.headers.get("x-csrf-token") or form.get("csrf")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), desk.csrf.encode()):
        raise HTTPException(400)
    return Desk(request, desk.site, desk.visitor, desk.token, desk.t, form)


def _seen(desk: Desk, response: Response) -> Response:
    """Give a browser that is not signed in the cookie that its forms need."""
    _session, form_cookie = cookie_names(desk.site)
    if desk.visitor is None and desk.request.cookies.get(form_cookie) != desk.token:
        set_cookie(desk.site, response, form_cookie, desk.token)
    return response


async def refusal(desk: Desk, status: int) -> Response:
    """A page that says what went wrong and what to do."""
    if desk.htmx:
        return desk.part("refused_part.html", status=status, code=status)
    return await desk.page("refused.html", status=status, code=status)


def unknown_address(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What answers where there is no page, or none for this method."""

    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        try:
            return await refusal(await open_desk(site, request), status)
        except (SQLAlchemyError, OSError):
            return RedirectResponse("/login", 303)

    return answer
