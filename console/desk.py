"""The desk: what a page's function gets to work with, and the form in which it answers."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_datetime
from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console import audit
from console.accounts import Member
from core.keys import Keys
from core.languages import Translator
from core.settings import Settings
from core.storage import Database
from core.storage.models import Message

LANGUAGES = ("id", "en")
"""Languages of the console: those whose catalogue is whole."""


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the console.

    `role` is the least role that may open it; None opens it to everybody. A `background` page is one that
    a browser asks for by itself: it does not keep a session alive. `methods` other than GET change
    something: their form must carry the token.
    """

    path: str
    endpoint: "Endpoint"
    role: str | None
    methods: tuple[str, ...] = ("GET",)
    background: bool = False
    before_change: bool = False
    """Open although the first password was not changed yet."""


@dataclass(frozen=True, slots=True)
class Screen:
    """An entry of the menu with its pages.

    `title` is a text to translate, `icon` a symbol of `templates/icons.html`. `badge` counts what waits there;
    `banner` gives what every page shows on top, or nothing. `chat_panel` adds a panel below the bubbles of a
    conversation (given by its pseudonym), `message_tools` a piece beside messages, by their ids. All four are given a
    session that reads: one for the whole menu, one for a conversation.
    """

    name: str
    title: str
    path: str
    icon: str
    role: str
    pages: tuple[Page, ...]
    badge: "Callable[[Desk, AsyncSession], Awaitable[int]] | None" = None
    banner: "Callable[[Desk, AsyncSession], Awaitable[Markup | str]] | None" = None
    chat_panel: "Callable[[Desk, AsyncSession, str], Awaitable[Markup | str]] | None" = None
    message_tools: "Callable[[Desk, AsyncSession, Sequence[Message]], Awaitable[Mapping[int, Markup]]] | None" = None


@dataclass(frozen=True, slots=True)
class Site:
    """What all requests share."""

    settings: Settings
    database: Database
    keys: Keys
    templates: Environment
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """One request: who asks, in which language, with which form."""

    request: Request
    site: Site
    visitor: Member | None
    token: str
    """The cookie's value that this browser is known by."""
    t: Translator
    form: FormData = field(default_factory=FormData)

    @property
    def member(self) -> Member:
        """Who is signed in; on a page with a role somebody always is."""
        if self.visitor is None:
            raise RuntimeError("nobody is signed in on this page")
        return self.visitor

    @property
    def database(self) -> Database:
        """The database that the bot writes."""
        return self.site.database

    @property
    def keys(self) -> Keys:
        """For pseudonyms and blind indexes."""
        return self.site.keys

    @property
    def settings(self) -> Settings:
        """The settings of this copy of Desmi."""
        return self.site.settings

    @property
    def csrf(self) -> str:
        """The token that every form must carry: only a page of ours knows it."""
        return hmac.new(self.token.encode(), b"desmi console form", hashlib.sha256).hexdigest()

    @property
    def htmx(self) -> bool:
        """Whether a part of a page is asked for, not a whole one."""
        return self.request.headers.get("hx-request") == "true"

    def value(self, name: str) -> str:
        """A field of the form as text without outer space; empty when it is not there or a file."""
        given = self.form.get(name)
        return given.strip() if isinstance(given, str) else ""

    def moment(self, at: datetime, form: str = "d MMM y HH.mm") -> str:
        """A time as this language writes it, with the name of its zone; `form` is a pattern of Babel."""
        local = at.astimezone(self.settings.zone)
        return f"{format_datetime(local, form, locale=self.t.language.locale)} {local.tzname()}"

    def record(self, session: AsyncSession, action: str, kind: str, name: str, **detail: Any) -> None:
        """Write an audit row in the transaction of the change; see `console.audit.record`."""
        audit.record(session, self.member.name, action, kind, name, **detail)

    async def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A whole page: the template with the layout's context."""
        return HTMLResponse(self._render(template, {**await self._layout(), **context}), status)

    def part(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A part of a page, for HTMX: the template without the layout's context."""
        return HTMLResponse(self._render(template, context), status)

    def markup(self, template: str, **context: Any) -> Markup:
        """A part of a page as markup, to be put into another."""
        return Markup(self._render(template, context))  # noqa: S704 - the template has escaped it

    def redirect(self, path: str) -> Response:
        """Go on to another page of the console, as after each change that was made by a form."""
        if self.htmx:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def _render(self, template: str, context: Mapping[str, Any]) -> str:
        own = {
            "desk": self,
            "member": self.visitor,
            "csrf": self.csrf,
            "lang": self.t.language.code,
            "_": self.t.gettext,
            "ngettext": self.t.ngettext,
            "number": self.t.number,
            "moment": self.moment,
            "now": datetime.now(UTC),
        }
        return self.site.templates.get_template(template).render({**own, **context})

    async def _layout(self) -> dict[str, Any]:
        """The menu and banners of the screens that this member may open."""
        if self.visitor is None or self.visitor.must_change:
            return {"menu": [], "badges": {}, "banners": [], "languages": LANGUAGES}
        menu = [screen for screen in self.site.screens if self.visitor.may(screen.role)]
        async with self.database.read() as session:
            badges = {screen.name: await screen.badge(self, session) for screen in menu if screen.badge}
            banners = [await screen.banner(self, session) for screen in menu if screen.banner]
        return {"menu": menu, "badges": badges, "banners": banners, "languages": LANGUAGES}


Endpoint = Callable[[Desk], Awaitable[Response]]
