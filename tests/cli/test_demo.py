"""`desmi demo`."""

from collections.abc import Callable

from tests.cli.conftest import Desmi


def test_a_database_is_filled_and_emptied(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    filled = desmi("demo", "--chats", "3", "--seed", "7")
    assert filled.exit_code == 0, filled.output
    assert "3 invented chats" in filled.stdout
    again = desmi("demo")
    assert again.exit_code == 1
    assert "desmi demo --remove" in again.output
    assert "3 invented chats removed" in desmi("demo", "--remove").stdout


def test_never_beside_a_bot(new_desmi: Callable[..., Desmi]) -> None:
    refused = new_desmi()("demo", telegram_token="1:x")
    assert refused.exit_code == 1
    assert "Telegram token is set" in refused.output
