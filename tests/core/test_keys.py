"""Keys: one secret, several keys, none of which prints."""

import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.keys import KeyMismatchError, Keys, load_keys
from core.settings import Settings

SECRET = "rahasia untuk uji saja"


def settings(folder: Path, secret: str | None = None) -> Settings:
    return Settings(_env_file=None, data_dir=folder, secret_key=secret)


def _made(folder: Path) -> str:
    return load_keys(settings(folder)).storage_key


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "var"
    keys = load_keys(settings(folder))
    path = folder / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in folder.iterdir()] == ["secret.key"]
    assert load_keys(settings(folder)).storage_key == keys.storage_key


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_made, [tmp_path] * 4))) == 1


def test_a_set_key_needs_no_file(tmp_path: Path) -> None:
    assert load_keys(settings(tmp_path, SECRET)).storage_key == Keys.from_secret(SECRET).storage_key
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16 characters or more") as caught:
        load_keys(settings(tmp_path, "pendek"))
    assert "pendek" not in str(caught.value)


def test_nothing_prints(tmp_path: Path) -> None:
    keys = Keys.from_secret(SECRET)
    shown = f"{keys!r} {keys} {settings(tmp_path, SECRET)!r} {settings(tmp_path, SECRET)}"
    for secret in (SECRET, keys.storage_key, keys.webhook_secret):
        assert secret not in shown


def test_the_derived_keys_differ() -> None:
    keys, other = Keys.from_secret(SECRET), Keys.from_secret(SECRET + "x")
    assert len({keys.webhook_secret, keys.storage_key, SECRET, other.webhook_secret, other.storage_key}) == 5


def test_pseudonyms() -> None:
    keys = Keys.from_secret(SECRET)
    name = keys.pseudonym("telegram", "12345")
    assert name == keys.pseudonym("telegram", "12345")
    assert len(name) == 24
    assert name.isalnum()
    others = {keys.pseudonym("telegram", "12346"), keys.pseudonym("terminal", "12345")}
    assert name not in others | {Keys.from_secret(SECRET + "x").pseudonym("telegram", "12345")}


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    keys = Keys.from_secret(SECRET)
    assert keys.decrypt(keys.encrypt(text)) == text.encode("utf-8", "replace").decode()


def test_another_key_is_told_apart() -> None:
    token = Keys.from_secret(SECRET).encrypt("isi pesan")
    assert "isi pesan" not in token
    with pytest.raises(KeyMismatchError, match="secret key changed"):
        Keys.from_secret(SECRET + "x").decrypt(token)
