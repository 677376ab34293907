"""The gate: roles, forms of other sites, headers, wrong addresses, errors."""

import re
from collections.abc import Callable
from tempfile import SpooledTemporaryFile

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Route

from console import signing_in
from console.accounts import ROLES
from console.app import create_app
from console.headers import POLICY
from console.screens import SCREENS
from core.keys import Keys
from core.settings import Settings
from core.storage import Database
from core.storage.staff import Audit, Staff
from tests.console.conftest import PASSWORD_HASH, Browser, SignIn

Open = Callable[[], Browser]


def test_only_these_pages_are_open_to_everybody() -> None:
    pages = [*signing_in.PAGES, *(page for screen in SCREENS for page in screen.pages)]
    assert {page.path for page in pages if page.role is None} == {"/login", "/language", "/health"}
    assert all(page.role in (None, *ROLES) for page in pages)


@pytest.mark.parametrize("role", ["reviewer", "editor"])
async def test_who_may_not_is_refused_and_not_shown_the_way(sign_in: SignIn, role: str) -> None:
    browser = await sign_in(role)
    refused = await browser.get("/audit")
    assert refused.status_code == 403
    assert "Peran Anda" in refused.text
    assert 'href="/audit"' not in refused.text


async def test_every_page_of_every_screen_refuses_the_roles_below(sign_in: SignIn) -> None:
    for role in ROLES:
        browser = await sign_in(role)
        for page in (page for screen in SCREENS for page in screen.pages):
            path = re.sub(r"\{\w+(:\w+)?\}", "1", page.path)
            allowed = ROLES.index(role) >= ROLES.index(page.role or ROLES[0])
            if not allowed:
                call = browser.get if "GET" in page.methods else browser.post
                assert (await call(path)).status_code == 403, (role, path)


async def test_a_form_without_our_token_changes_nothing(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("reviewer")
    good = browser.csrf
    for token in ("", "0" * 64, good[:-1]):
        response = await browser.client.post("/language", data={"csrf": token, "language": "en"})
        assert response.status_code == 400
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        response = await browser.client.post(
            "/language", data={"csrf": good, "language": "en"}, headers=header
        )
        assert response.status_code == 400
    async with database.read() as session:
        assert (await session.scalars(select(Staff.language))).all() == ["id"]
    by_header = await browser.client.post(
        "/language", data={"language": "en"}, headers={"X-CSRF-Token": good}
    )
    assert by_header.status_code == 303


async def test_one_browsers_token_is_not_anothers(sign_in: SignIn) -> None:
    first, second = await sign_in("reviewer"), await sign_in("editor")
    response = await second.client.post("/language", data={"csrf": first.csrf, "language": "en"})
    assert response.status_code == 400


async def test_forms_have_a_limit(sign_in: SignIn) -> None:
    browser = await sign_in("reviewer")
    huge = await browser.client.post(
        "/language", content=b"", headers={"Content-Length": str(10**9), "X-CSRF-Token": browser.csrf}
    )
    assert huge.status_code == 413


async def test_a_file_that_nobody_asked_for_is_closed(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[SpooledTemporaryFile[bytes]] = []

    def keep(**how: int) -> SpooledTemporaryFile[bytes]:
        kept.append(SpooledTemporaryFile(**how))  # noqa: SIM115 (the gate closes it)
        return kept[-1]

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", keep)
    browser = await sign_in("editor")
    sent = {"file": ("besar.csv", b"x" * 2_000_000, "text/csv")}
    asked = "/content/lists/centres/import"
    for path, csrf, status in (
        ("/language", browser.csrf, 303),
        ("/language", "0", 400),
        ("/account/password", browser.csrf, 422),
        (asked, browser.csrf, 422),
    ):
        answer = await browser.client.post(path, data={"csrf": csrf, "language": "id"}, files=sent)
        assert answer.status_code == status, path
    assert len(kept) == 4
    assert all(file.closed for file in kept)


async def test_every_answer_carries_the_headers(sign_in: SignIn, open_browser: Open) -> None:
    browser = await sign_in("admin")
    for path in ("/audit", "/login", "/tidak-ada", "/static/console.css", "/health"):
        response = await browser.get(path)
        assert response.headers["content-security-policy"] == POLICY
        assert response.headers["x-content-type-options"] == "nosniff"
        kept = "immutable" in response.headers["cache-control"]
        assert kept == path.startswith("/static/")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


async def test_pages_name_no_other_host_and_hold_nothing_inline(sign_in: SignIn) -> None:
    browser = await sign_in("admin")
    for path in ("/audit", "/account/password", "/tidak-ada"):
        text = (await browser.get(path)).text
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)
        assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\son\w+=", text)
        assert len(text.encode()) < 150_000


async def test_wrong_addresses_get_a_page(sign_in: SignIn, open_browser: Open) -> None:
    browser = await sign_in("reviewer")
    missing = await browser.get("/tidak-ada")
    assert (missing.status_code, "Halaman ini tidak ada" in missing.text) == (404, True)
    assert (await browser.get("/logout")).status_code == 405
    assert (await open_browser().get("/tidak-ada")).status_code == 404
    assert (await browser.get("/static/../app.py")).status_code == 404


async def test_another_host_name_is_refused(open_browser: Open) -> None:
    response = await open_browser().get("/login", headers={"Host": "jahat.example"})
    assert response.status_code == 400


async def test_an_error_tells_nobody_what_was_written(
    app: Starlette, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = await sign_in("admin")

    said = "".join(("raha", "sia seseorang"))

    def broken(*_: object) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("console.audit_log.cut", broken)
    response = await browser.get("/audit")
    assert response.status_code == 500
    assert said not in response.text + caplog.text
    assert "RuntimeError" in caplog.text


async def test_behind_https_cookies_are_secure(
    console_settings: Settings, database: Database, keys: Keys
) -> None:
    import httpx

    settings = console_settings.model_copy(update={"console_url": "https://konsol.example.org/"})
    async with database.begin() as session:
        session.add(Staff(name="ani", role="admin", password=PASSWORD_HASH, must_change=False))
    transport = httpx.ASGITransport(create_app(settings, database, keys))
    async with httpx.AsyncClient(transport=transport, base_url="https://konsol.example.org") as client:
        response = await client.get("/login")
        assert response.status_code == 200
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-desmi_form=")
        assert "Secure" in cookie
        assert "max-age" in response.headers["strict-transport-security"]


async def test_the_audit_is_shown_page_by_page(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("admin")
    async with database.begin() as session:
        for number in range(95):
            staff = "ani" if number % 2 else "budi"
            session.add(
                Audit(staff=staff, action="view", kind="chat", name=f"p{number}", detail={"n": number})
            )
            await session.flush()
    seen: list[str] = []
    path = "/audit?staff=ani"
    while path:
        text = (await browser.get(path)).text
        assert "<code>p0<" not in text
        seen += re.findall(r"<code>p(\d+)</code>", text)
        following = re.search(r'href="(/audit\?after=[^"]+)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(number) for number in range(93, 0, -2)]
    assert (await browser.get("/audit?after=bukan-kunci")).status_code == 200


def test_no_route_is_there_twice(app: Starlette) -> None:
    routes = [
        (route.path, method)
        for route in app.routes
        if isinstance(route, Route)
        for method in route.methods or ()
    ]
    assert len([r for r in routes if r[1] != "HEAD"]) == len({r for r in routes if r[1] != "HEAD"})
