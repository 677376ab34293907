from bot import limits
from core.codes import MAX_BYTES


def test_units_count_as_telegram_does():
    assert limits.units("abc") == 3
    assert limits.units("📍a") == 3


def test_codes_and_telegram_agree():
    assert limits.CALLBACK_DATA_BYTES == MAX_BYTES
    assert limits.OVERALL_BURST + 1 / (limits.OVERALL_PERIOD_S / limits.OVERALL_BURST) <= 30
