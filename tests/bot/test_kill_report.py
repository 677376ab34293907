"""Kill -9 of the bot after every question of a report: it goes on where it was, and files one report, once."""

import pytest

from core.keys import Keys
from core.reports import all_reports
from core.settings import Settings
from core.storage import open_database
from tests.bot.test_kill_edge import bot, engine_port  # noqa: F401 - fixtures
from tests.conftest import SECRET

ANSWERS = ("Saya sendiri", "Gaji tidak dibayar", "Hong Kong", "Lewati", "Lewati", "Lewati", "Tanpa nama")


@pytest.mark.slow
async def test_a_report_goes_on_after_kill_9_at_every_step(bot, double, database_url):  # noqa: F811
    bot.environment |= {"DESMI_DATABASE_URL": database_url, "DESMI_TELEGRAM_MODE": "polling"}
    siti = double.user("siti")
    database = open_database(Settings(database_url=database_url).database(), Keys.from_secret(SECRET))
    try:
        await bot.start()
        await siti.says("/lapor")
        shown = await siti.next_message()
        for number, label in enumerate(ANSWERS, start=1):
            assert f"({number}/7)" in shown.text
            await bot.kill()
            await siti.taps(next(full for full in shown.labels if label in full), on=shown)
            await bot.start()
            shown = await siti.next_edit()
        await siti.taps("✅ Kirim", on=shown)
        while "tercatat dengan nomor" not in (await siti.next_message()).text:
            continue
        await bot.kill()
        await bot.start()
        while "document" not in (await siti.next_message()).content:
            continue
        [filed] = await all_reports(database)
        assert (filed.kind, filed.country) == ("wage", "HK")
    finally:
        await database.close()
