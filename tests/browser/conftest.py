"""Fixtures: the console served on loopback, and real headless Chromium that may reach nothing else."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from PIL import Image
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from console.app import create_app
from core import demo
from core.keys import load_keys
from core.settings import ROOT, Settings
from core.storage import Database, open_database
from core.storage.staff import Staff
from core.storage.types import now
from tests.conftest import SECRET, SettingsFactory, free_port, sqlite_file
from tests.console.conftest import PASSWORD, PASSWORD_HASH

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = ROOT / "docs" / "console"
"""Where screenshots go, when the environment has SCREENSHOTS=1: otherwise a test leaves no file."""
SIZES = {"wide": {"width": 1280, "height": 860}, "phone": {"width": 360, "height": 740}}

Enter = Callable[..., Awaitable["Visit"]]


class Site:
    """The running console."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.url = f"http://127.0.0.1:{settings.console_port}"


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database file of invented conversations, to be copied."""
    folder = tmp_path_factory.mktemp("invented")
    settings = Settings(_env_file=None, data_dir=folder, secret_key=SECRET)
    shutil.copyfile(sqlite_template, path := sqlite_file(str(settings.database())))

    async def fill() -> None:
        database = open_database(settings.database(), keys := load_keys(settings))
        await demo.fill(database, keys, now(), chats=70, seed=5)
        await database.close()

    asyncio.run(fill())
    return path


@pytest.fixture
async def site(settings_factory: SettingsFactory, invented: Path) -> AsyncIterator[Site]:
    """The console on a database of invented conversations."""
    settings = settings_factory(console_port=free_port())
    keys = load_keys(settings)
    shutil.copyfile(invented, sqlite_file(str(settings.database())))
    database = open_database(settings.database(), keys)
    config = uvicorn.Config(
        create_app(settings, database, keys), host="127.0.0.1", port=settings.console_port, log_config=None,
        lifespan="off", ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    yield Site(settings, database)
    server.should_exit = True
    await serving
    await database.close()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail("chromium is missing; install it with: apt-get install -y chromium", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


class Visit:
    """A signed-in browser window; what it asked for and what it complained of."""

    def __init__(self, site: Site, context: BrowserContext, page: Page) -> None:
        self.site, self.context, self.page = site, context, page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        # a refused page is told there, too, and is no fault
        if message.type == "error" and "status of" not in message.text:
            self.complaints.append(message.text)

    async def open(self, path: str) -> int:
        """Go to a page; returns the status."""
        response = await self.page.goto(self.site.url + path)
        assert response is not None
        return response.status

    async def shot(self, name: str) -> None:
        """Keep a picture for the documentation."""
        if os.environ.get("SCREENSHOTS"):
            SHOTS.mkdir(exist_ok=True)
            picture = Image.open(BytesIO(await self.page.screenshot()))
            # few colours do, and keep the file small
            picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
                SHOTS / f"{name}.png", optimize=True
            )

    async def faults(self) -> list[str]:
        """What axe-core finds on the page that is serious or critical, and whether it overflows its width."""
        await self.page.evaluate((Path(__file__).parent / "axe.min.js").read_text("utf-8"))
        result: Any = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        wide = await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return [
            f"{found['id']}: {node['target']}"
            for found in result["violations"]
            if found["impact"] in ("serious", "critical")
            for node in found["nodes"]
        ] + (["the page is wider than the window"] if wide else [])

    def elsewhere(self) -> list[str]:
        """Requests that left loopback."""
        return [url for url in self.requests if urlsplit(url).hostname != "127.0.0.1"]


@pytest.fixture
async def enter(site: Site, chromium: Browser) -> AsyncIterator[Enter]:
    """Opens windows with a staff member signed in; at the end nothing may have left loopback."""
    visits: list[Visit] = []

    async def make(
        role: str,
        *,
        size: str = "wide",
        javascript: bool = True,
        must_change: bool = False,
        language: str = "id",
    ) -> Visit:
        name = f"{role}{len(visits)}"
        async with site.database.begin() as session:
            session.add(
                Staff(
                    name=name, role=role, password=PASSWORD_HASH, must_change=must_change, language=language
                )
            )
        context = await chromium.new_context(
            viewport=SIZES[size], java_script_enabled=javascript, locale="id-ID"
        )
        visit = Visit(site, context, await context.new_page())
        visits.append(visit)
        await visit.open("/login")
        await visit.page.fill("input[name=name]", name)
        await visit.page.fill("input[name=password]", PASSWORD)
        await visit.page.click("button.main")
        return visit

    yield make
    for visit in visits:
        assert visit.elsewhere() == []
        assert visit.complaints == []
        await visit.context.close()
