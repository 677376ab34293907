import json

import httpx
import pytest

from bot.client import make_client
from bot.intake import Intake
from bot.webhook import (
    MAX_BYTES,
    Webhook,
    WebhookSettingsError,
    webhook_address,
    webhook_app,
    webhook_secret,
)
from core.storage import models
from tests.bot.fakes import BOT_ID, TOKEN, EchoHandler, message

TOLD = "rahasia-untuk-webhook-01"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def door(database, keys, guard):
    async def direct(address, reply):
        pass

    intake = Intake(database, keys, BOT_ID, guard, EchoHandler(), (), direct, lambda accepted: None)
    app = webhook_app(make_client(TOKEN, "http://127.0.0.1:1"), intake, TOLD)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as opened:
        yield opened


async def post(door, body, secret=TOLD):
    headers = {} if secret is None else {HEADER: secret}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (await door.post("/telegram", content=content, headers=headers)).status_code


@pytest.mark.parametrize("secret", [None, "", "x", TOLD + "x", TOLD[:-1], TOLD.upper(), "ümläut".encode()])
async def test_without_the_secret_nothing_is_taken(door, rows, secret):
    assert await post(door, message(1, text="halo"), secret) == 403
    assert await rows(models.Update) == []


async def test_200_only_after_the_commit(door, rows, outage):
    outage.on = True
    assert await post(door, message(1, text="halo")) == 503
    outage.on = False
    assert await rows(models.Update) == []
    assert await post(door, message(1, text="halo")) == 200
    assert len(await rows(models.Update)) == 1
    assert await post(door, message(1, text="halo")) == 200
    assert len(await rows(models.Update)) == 1


@pytest.mark.parametrize("body", [b"", b"halo", b"[1]", b"\xff\xfe", b"[" * 100_000, b"1"])
async def test_what_is_no_update_is_refused(door, body):
    assert await post(door, body) == 400


async def test_too_large(door):
    assert await post(door, b"{" + b" " * MAX_BYTES + b"}") == 413


@pytest.mark.parametrize("body", [{}, {"update_id": 1}, {"update_id": 2, "message": 5}, {"message": {}}])
async def test_what_cannot_be_read_is_acknowledged(door, body):
    assert await post(door, body) == 200


async def test_health_and_nothing_else(door):
    assert (await door.get("/health")).json() == {"status": "ok"}
    assert (await door.get("/telegram")).status_code == 405
    assert (await door.get("/")).status_code == 404


async def test_a_failure_of_ours_is_500_and_quiet(door, monkeypatch, caplog):
    def trips(text, keep):
        raise RuntimeError(text)

    monkeypatch.setattr("bot.intake.redact", trips)
    assert await post(door, message(1, text="rahasia")) == 500
    assert "rahasia" not in caplog.text


def test_address(settings_factory):
    assert webhook_address(settings_factory(webhook_url="https://a.example")) == "https://a.example/telegram"
    assert webhook_address(settings_factory(webhook_url="https://a.example/x/y")) == "https://a.example/x/y"
    with pytest.raises(WebhookSettingsError, match="DESMI_WEBHOOK_URL"):
        webhook_address(settings_factory())


def test_secret(settings_factory):
    assert webhook_secret(settings_factory(), "d" * 64) == "d" * 64
    assert webhook_secret(settings_factory(webhook_secret=TOLD), "d" * 64) == TOLD
    for bad in ("", "short", "with space and more", "é" * 20, "x" * 257):
        with pytest.raises(WebhookSettingsError, match="DESMI_WEBHOOK_SECRET"):
            webhook_secret(settings_factory(webhook_secret=bad), "d" * 64)


def test_it_fails_closed(settings_factory):
    with pytest.raises(WebhookSettingsError):
        webhook_app(make_client(TOKEN, "http://127.0.0.1:1"), None, "")
    with pytest.raises(WebhookSettingsError):
        Webhook(
            make_client(TOKEN, "http://127.0.0.1:1"),
            None,
            settings_factory(telegram_mode="webhook"),
            "d" * 64,
        )


async def test_it_is_registered_with_secret_and_kinds(start, double, keys):
    await start("webhook")
    siti = double.user("siti")
    await siti.says("apa")
    await siti.next_message()
    (call,) = double.calls("setWebhook")
    assert call.params["secret_token"] == keys.webhook_secret
    assert "callback_query" in str(call.params["allowed_updates"])
    assert str(call.params.get("drop_pending_updates", False)).lower() == "false"


async def test_registering_is_tried_again(start, double):
    double.breaks("setWebhook", times=2)
    double.floods("setWebhook", retry_after=1)
    await start("webhook")
    siti = double.user("siti")
    await siti.says("apa")
    assert (await siti.next_message()).content["text"].startswith("jawab: apa")
