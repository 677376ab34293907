import json

import pytest

from bot import limits
from bot.profile import COMMANDS, profiles, publish

METHODS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def test_within_telegrams_limits():
    for profile in profiles():
        assert len(profile.description) <= limits.DESCRIPTION_CHARS
        assert len(profile.short_description) <= limits.SHORT_DESCRIPTION_CHARS
        for name, text in profile.commands:
            assert name.isascii()
            assert len(name) <= limits.COMMAND_CHARS
            assert 0 < len(text) <= limits.COMMAND_DESCRIPTION_CHARS


def test_the_commands():
    wanted = "start menu help kantor dokumen pengingat lapor darurat petugas bahasa privasi privacy izin hapus batal"
    assert list(COMMANDS) == wanted.split()
    assert {profile.code for profile in profiles()} == {"", "en", "jv", "su"}


async def test_published_once_and_again_when_changed(client, double, database, monkeypatch):
    await publish(client, database)
    assert [len(double.calls(method)) for method in METHODS] == [4, 4, 4]
    default = double.calls("setMyCommands")[0]
    assert not default.params.get("language_code")
    assert [c["command"] for c in json.loads(default.params["commands"])] == list(COMMANDS)
    await publish(client, database)
    assert len(double.calls("setMyCommands")) == 4
    monkeypatch.setitem(COMMANDS, "menu", "Daftar")
    await publish(client, database)
    assert len(double.calls("setMyCommands")) == 8


@pytest.mark.parametrize("method", METHODS)
async def test_a_failure_is_no_end_and_made_good_later(client, double, database, method, caplog):
    double.breaks(method)
    await publish(client, database)
    assert "was not published" in caplog.text
    before = len(double.calls("setMyShortDescription"))
    await publish(client, database)
    assert len(double.calls("setMyShortDescription")) == before + 1
