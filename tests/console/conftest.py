"""Fixtures: the console in this process, and browsers of staff members of every role."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from console.app import create_app
from core.keys import Keys, load_keys
from core.settings import Settings
from core.storage import Database
from core.storage.staff import Staff
from tests.conftest import SettingsFactory
from tests.console.world import World

BASE = "http://127.0.0.1:8080"
PASSWORD = "hujan turun di kebun"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A cheap one: nearly every test signs in, and only those of signing in are about what a check costs."""

SignIn = Callable[..., Awaitable["Browser"]]


class Browser:
    """A client that keeps cookies and sends forms as a browser does: with the token of the last page."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.csrf = ""

    async def get(self, path: str, **how: Any) -> httpx.Response:
        """Open a page."""
        return self._seen(await self.client.get(path, **how))

    async def post(self, path: str, data: dict[str, Any] | None = None, **how: Any) -> httpx.Response:
        """Send a form."""
        return self._seen(await self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **how))

    def _seen(self, response: httpx.Response) -> httpx.Response:
        if found := re.search(r'name="csrf" value="(\w+)"', response.text):
            self.csrf = found[1]
        return response


@pytest.fixture
def console_settings(settings_factory: SettingsFactory, database_url: str) -> Settings:
    """The settings of the console under test."""
    return settings_factory(database_url=database_url)


@pytest.fixture
def keys(console_settings: Settings) -> Keys:
    """The keys of the console under test."""
    return load_keys(console_settings)


@pytest.fixture
def app(console_settings: Settings, database: Database, keys: Keys) -> Starlette:
    """The console on an empty database."""
    return create_app(console_settings, database, keys)


@pytest.fixture
async def open_browser(app: Starlette) -> AsyncIterator[Callable[[], Browser]]:
    """Opens browsers that nobody is signed in with."""
    clients: list[httpx.AsyncClient] = []

    def make() -> Browser:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000 + len(clients)))
        clients.append(httpx.AsyncClient(transport=transport, base_url=BASE))
        return Browser(clients[-1])

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def sign_in(database: Database, open_browser: Callable[[], Browser]) -> SignIn:
    """Signs a new staff member in: `await sign_in("editor")`, `await sign_in("admin", name="ani")`."""

    async def enter(role: str, *, name: str = "", must_change: bool = False, language: str = "id") -> Browser:
        name = name or f"{role}.satu"
        async with database.begin() as session:
            session.add(
                Staff(
                    name=name, role=role, password=PASSWORD_HASH, must_change=must_change, language=language
                )
            )
        browser = open_browser()
        await browser.get("/login")
        response = await browser.post("/login", {"name": name, "password": PASSWORD})
        assert response.status_code == 303, response.text
        await browser.get("/account/password")
        return browser

    return enter


@pytest.fixture
def world(database: Database, keys: Keys) -> World:
    """Makes conversations."""
    return World(database, keys)
