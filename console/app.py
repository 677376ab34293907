"""The application: pages behind the gate, static files, headers."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console import signing_in
from console.desk import Site
from console.gate import guarded, secure, unknown_address
from console.headers import Headers
from console.screens import FURTHER, SCREENS
from core.keys import Keys
from core.settings import Settings
from core.storage import Database

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


@lru_cache(maxsize=64)
def static(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def templates() -> Environment:
    """The page templates; whatever they show is escaped, and a name that is not there is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static
    return environment


def create_app(settings: Settings, database: Database, keys: Keys) -> Starlette:
    """The console of these settings, on an open database whose schema is the newest."""
    site = Site(settings, database, keys, templates(), SCREENS)
    pages = [*signing_in.PAGES, *FURTHER, *(page for screen in SCREENS for page in screen.pages)]
    hosts = {"127.0.0.1", "localhost", settings.console_host, urlsplit(settings.console_address).hostname}
    return Starlette(
        routes=[
            *(Route(page.path, guarded(site, page), methods=list(page.methods)) for page in pages),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
        ],
        middleware=[
            # an unknown host name is another site that points here (DNS rebinding)
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted(filter(None, hosts)), www_redirect=False),
            Middleware(Headers, https=secure(site)),
        ],
        exception_handlers={404: unknown_address(site), 405: unknown_address(site)},
    )
