"""Keys: one secret, from which the pseudonym key, the encryption key and the webhook secret are derived."""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.settings import Settings


class KeyMismatchError(RuntimeError):
    """Something stored cannot be read with this secret key."""


def _derive(secret: bytes, purpose: str) -> bytes:
    # RFC 5869: one secret, independent keys by purpose
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"desmi {purpose}".encode()).derive(secret)


@dataclass(frozen=True, slots=True)
class Keys:
    """Derived keys; none of them prints."""

    _pseudonym: bytes = field(repr=False)
    _fernet: Fernet = field(repr=False)
    _index: bytes = field(repr=False)
    webhook_secret: str = field(repr=False)
    storage_key: str = field(repr=False)

    @classmethod
    def from_secret(cls, secret: str) -> "Keys":
        """Derive all keys from one secret of any length over 16 characters."""
        if len(secret) < 16:
            raise ValueError("DESMI_SECRET_KEY is too short: use 16 characters or more, or leave it unset")
        raw = secret.encode()
        storage = base64.urlsafe_b64encode(_derive(raw, "storage"))
        return cls(
            _derive(raw, "pseudonym"),
            Fernet(storage),
            _derive(raw, "index"),
            _derive(raw, "webhook").hex(),
            storage.decode("ascii"),
        )

    def pseudonym(self, channel: str, address: str) -> str:
        """The name under which a chat is stored: 24 letters and digits, the same for the same chat."""
        digest = hmac.new(self._pseudonym, f"{channel}:{address}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest)[:24].decode("ascii").lower()

    def blind(self, purpose: str, value: str) -> bytes:
        """What stands for `value` where rows must be found by it without storing it; 32 bytes."""
        return hmac.new(self._index, f"{purpose}:{value}".encode("utf-8", "replace"), hashlib.sha256).digest()

    def encrypt(self, text: str) -> str:
        """Encrypt text for storage; lone surrogates become question marks."""
        return self._fernet.encrypt(text.encode("utf-8", "replace")).decode("ascii")

    def decrypt(self, token: str) -> str:
        """Undo `encrypt`; raises `KeyMismatchError` when the key is another one."""
        try:
            return self._fernet.decrypt(token.encode("ascii")).decode("utf-8")
        except InvalidToken as error:
            raise KeyMismatchError(
                "Stored text cannot be read: the secret key changed. Put the old secret.key or "
                "DESMI_SECRET_KEY back, or start with an empty database."
            ) from error


def _key_file(path: Path) -> str:
    """Read the key file, or make it (mode 0600); two processes starting at once agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(candidate, path)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return path.read_text("ascii").strip()


def load_keys(settings: Settings) -> Keys:
    """The keys of these settings; makes `secret.key` in the data folder when no key is set."""
    if settings.secret_key is not None:
        return Keys.from_secret(settings.secret_key.get_secret_value())
    path = settings.data_dir / "secret.key"
    return Keys.from_secret(path.read_text("ascii").strip() if path.exists() else _key_file(path))
