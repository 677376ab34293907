"""The double as a process, steered through its control routes."""

import asyncio
import json
import sys

import httpx
import pytest
import telegram
from telegram.error import RetryAfter

from tests.telegram_double.clients import TOKEN, button


async def test_as_a_process() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.telegram_double",
        "--username",
        "lain_bot",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        async with (
            httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as control,
            telegram.Bot(TOKEN, base_url=f"{url}/bot") as bot,
        ):
            assert bot.username == "lain_bot"
            said = (await control.post("/users/siti/says", json={"text": "halo"})).json()
            [update] = await bot.get_updates()
            assert update.update_id == said["update_id"]
            sent = await bot.send_message(said["chat_id"], "ya", reply_markup=button("A", "a"))
            seen = (await control.get("/users/siti/events", params={"wait": 5, "kind": "message"})).json()
            assert [event["message"]["text"] for event in seen["events"]] == ["ya"]
            assert (await control.get("/users/siti/events", params={"after": seen["next"]})).json()[
                "events"
            ] == []
            assert "query" in (await control.post("/users/siti/taps", json={"button": "A"})).json()
            assert (await control.post("/users/siti/taps", json={"button": "B"})).status_code == 400
            assert (
                await control.post("/users/siti/edits", json={"message": said["message_id"], "text": "hai"})
            ).status_code == 200
            assert (await control.post("/users/siti/sends_voice")).status_code == 200
            assert (await control.post("/users/siti/membangkang")).status_code == 404
            many = (
                await control.post("/says", json=[{"user": f"u{n}", "text": "x"} for n in range(3)])
            ).json()["said"]
            assert len({line["chat_id"] for line in many}) == 3
            await control.post("/groups/RT/says", json={"user": "siti", "text": "y"})
            await control.post("/updates", json={"kind": "poll", "body": {"aneh": 1}})
            await control.post("/repeat", json={"update_id": said["update_id"]})
            assert (
                await control.post("/faults", json={"kind": "flood", "method": "sendMessage"})
            ).status_code == 200
            assert (await control.post("/faults", json={"kind": "gempa"})).status_code == 400
            with pytest.raises(RetryAfter):
                await bot.send_message(sent.chat_id, "lagi")
            await control.delete("/faults")
            calls = (await control.get("/calls", params={"method": "sendMessage"})).json()["calls"]
            assert [call["code"] for call in calls] == [200, 429]
            assert (await control.get("/flood", params={"burst": 1})).json()["kept"]
            state = (await control.get("/state")).json()
            updates = (await control.get("/updates")).json()["updates"]
            assert state["pending"] == [update["update_id"] for update in updates]
            assert (await control.get("/events")).json()["next"] == 1
            await control.post("/reset")
            assert (await control.get("/state")).json()["calls"] == 0
            await control.post("/down", json={"seconds": 0.2})
            refused = False
            for _ in range(600):
                try:
                    assert (await control.get("/health")).json() == {"ok": True}
                    if refused:
                        break
                except httpx.TransportError:
                    refused = True
                await asyncio.sleep(0.01)
            else:
                raise AssertionError("did not go down and come back")
    finally:
        process.terminate()
        assert await process.wait() == 0
