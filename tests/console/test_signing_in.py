"""Signing in: passwords, sessions and their ends, throttling, forms of other sites."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import Type, extract_parameters
from sqlalchemy import func, select
from sqlalchemy import update as change

from console import accounts, sessions
from console.signing_in import local_path
from console.throttle import LIMITS, WINDOW
from core.storage import Database
from core.storage.staff import Audit, LoginAttempt, Staff, StaffSession
from tests.console.conftest import PASSWORD, Browser, SignIn

Open = Callable[[], Browser]


async def test_nobody_sees_anything_before_signing_in(open_browser: Open) -> None:
    browser = open_browser()
    response = await browser.get("/audit?staff=a")
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=/audit%3Fstaff%3Da"
    part = await browser.get("/audit", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (204, "/login")


async def test_the_first_page_says_how_to_add_staff(open_browser: Open) -> None:
    assert "desmi staff add" in (await open_browser().get("/login")).text


async def test_sign_in_goes_on_to_the_page_that_was_wanted(sign_in: SignIn, open_browser: Open) -> None:
    await sign_in("admin")
    browser = open_browser()
    page = await browser.get("/login?next=/audit%3Fstaff%3Dani")
    assert 'value="/audit?staff=ani"' in page.text
    response = await browser.post(
        "/login", {"name": "Admin.Satu ", "password": PASSWORD, "next": "/audit?staff=ani"}
    )
    assert response.headers["location"] == "/audit?staff=ani"
    assert (await browser.get("/audit")).status_code == 200


@pytest.mark.parametrize(
    "address", ["//jahat.example", "https://jahat.example/", "/\\jahat.example", "", "x", "/a\nb"]
)
def test_no_sign_in_leads_to_another_site(address: str) -> None:
    assert local_path(address) == "/"


async def test_a_wrong_password_and_a_wrong_name_look_alike(sign_in: SignIn, open_browser: Open) -> None:
    await sign_in("reviewer", name="budi")
    seen = set()
    for name in ("budi", "tidakada"):
        browser = open_browser()
        await browser.get("/login")
        response = await browser.post("/login", {"name": name, "password": "salah sekali"})
        assert response.status_code == 403
        seen.add(response.text.replace(name, "").replace(browser.csrf, ""))
    assert len(seen) == 1


async def test_an_unknown_name_is_not_kept(database: Database, open_browser: Open) -> None:
    browser = open_browser()
    await browser.get("/login")
    await browser.post("/login", {"name": "katasandiku99", "password": "x"})
    async with database.read() as session:
        assert (await session.scalars(select(Audit.name))).all() == ["?"]


async def test_the_cookie_is_out_of_reach_and_the_token_is_not_stored(
    sign_in: SignIn, database: Database
) -> None:
    browser = await sign_in("reviewer")
    cookie = next(c for c in browser.client.cookies.jar if c.name == "desmi_session")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    async with database.read() as session:
        stored = (await session.scalars(select(StaffSession.token))).all()
    assert cookie.value not in stored
    assert len(stored) == 1


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
async def test_sessions_end_by_themselves(sign_in: SignIn, database: Database, column: str) -> None:
    browser = await sign_in("reviewer")
    limit = {"seen_at": sessions.IDLE, "created_at": sessions.ABSOLUTE}[column]
    async with database.begin() as session:
        row = (await session.scalars(select(StaffSession))).one()
        setattr(row, column, getattr(row, column) - limit + timedelta(seconds=20))
    assert (await browser.get("/account/password")).status_code == 200
    async with database.begin() as session:
        row = (await session.scalars(select(StaffSession))).one()
        setattr(row, column, getattr(row, column) - limit)
    assert (await browser.get("/account/password")).headers["location"].startswith("/login")


async def test_signing_out_ends_the_session(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("reviewer")
    assert (await browser.post("/logout")).headers["location"] == "/login"
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(StaffSession)) == 0


async def test_an_ended_account_is_out_at_once(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("reviewer", name="budi")
    await accounts.close(database, "budi")
    assert (await browser.get("/account/password")).status_code == 303


async def test_tries_are_limited_and_wait_no_longer_than_the_window(
    sign_in: SignIn, open_browser: Open, database: Database
) -> None:
    await sign_in("reviewer", name="budi")
    browser = open_browser()
    await browser.get("/login")
    for _try in range(LIMITS["pair"]):
        assert (await browser.post("/login", {"name": "budi", "password": "salah"})).status_code == 403
    assert (await browser.post("/login", {"name": "budi", "password": PASSWORD})).status_code == 429
    async with database.begin() as session:
        marks = (await session.scalars(select(LoginAttempt.what))).all()
        assert not [mark for mark in marks if "budi" in mark]
        await session.execute(change(LoginAttempt).values(at=LoginAttempt.at))
        for row in await session.scalars(select(LoginAttempt)):
            row.at -= WINDOW
    assert (await browser.post("/login", {"name": "budi", "password": PASSWORD})).status_code == 303


async def test_a_first_password_must_be_changed_before_anything_else(sign_in: SignIn) -> None:
    browser = await sign_in("admin", must_change=True)
    assert (await browser.get("/audit")).headers["location"] == "/account/password"
    new = "nasi goreng pedas"
    for wrong in (
        {"old": "salah", "new": new, "again": new},
        {"old": PASSWORD, "new": new, "again": new + "x"},
        {"old": PASSWORD, "new": "pendek", "again": "pendek"},
        {"old": PASSWORD, "new": "admin.satu123", "again": "admin.satu123"},
        {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD},
    ):
        response = await browser.post("/account/password", wrong)
        assert response.status_code == 422
        assert 'role="alert"' in response.text
    done = await browser.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert done.status_code == 303
    assert (await browser.get("/audit")).status_code == 200


async def test_changing_the_password_signs_out_everywhere_else(sign_in: SignIn, open_browser: Open) -> None:
    first = await sign_in("reviewer", name="budi")
    second = open_browser()
    await second.get("/login")
    await second.post("/login", {"name": "budi", "password": PASSWORD})
    new = "nasi goreng pedas"
    await first.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert (await first.get("/account/password")).status_code == 200
    assert (await second.get("/account/password")).status_code == 303


async def test_the_language_is_kept(sign_in: SignIn, database: Database) -> None:
    browser = await sign_in("admin")
    assert "Catatan audit" in (await browser.get("/audit")).text
    await browser.post("/language", {"language": "en", "next": "/audit"})
    page = await browser.get("/audit")
    assert '<html lang="en">' in page.text
    assert "Audit log" in page.text
    async with database.read() as session:
        assert (await session.scalars(select(Staff.language))).all() == ["en"]


async def test_before_signing_in_the_browser_says_the_language(open_browser: Open) -> None:
    page = await open_browser().get("/login", headers={"Accept-Language": "fr, en-GB;q=0.9, id;q=0.5"})
    assert '<html lang="en">' in page.text


async def test_a_stored_password_is_dear_to_guess() -> None:
    """Argon2id with at least 19 MiB and two passes, as OWASP's Password Storage Cheat Sheet asks."""
    stored = await accounts.hashed(PASSWORD)
    parameters = extract_parameters(stored)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2
    assert await accounts.fits(stored, PASSWORD)
    assert not await accounts.fits(stored, PASSWORD + "x")
