"""Masks what identifies a person, before anything is stored, logged or sent on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.digits import Find, canonical, find_numbers, fold

_PLACEHOLDER = re.compile(r"\[(?:nik|kk|paspor|telepon|email|rekening|kartu|npwp|kode|akun|lokasi)\]")
_PASSES = 6  # masking one number can bring another nearer to its context word; it settles after one or two
_MAX_CHARS = 20_000  # far above a Telegram message (4096 characters); the rest is cut, never passed on unread

_MAIL_HOST = r"(?:gmail|yahoo|ymail|hotmail|outlook|icloud|live|rocketmail|email|mail|proton(?:mail)?)"
_OTP = r"(?:otp|kode(?:nya)?|codenya|code|pin(?:nya)?|token|verification|verifikasi)"
_OTP_LINK = (
    r"(?:otp|kode|code|verifikasi|verification|akses|login|masuk|rahasia|keamanan|adalah|anda|kamu|saya|aku|nya|ini|itu|is|"
    r"your|the|aktivasi|konfirmasi|wa|whatsapp|telegram|tele|google|facebook|atm|bank|[:=\-#])"
)
_ACCOUNT_KEY = r"(?:ig|instagram|user ?name|usrname|tele|telegram|tiktok|fb|facebook|id line|line id|wechat)"
_NOT_PASSPORT = r"(?!(?:rp|rm|nt|us|hk|sr|sg|kk|hp|wa|no|rt|rw|uu|pp|rb|jt|ke|di|k)[0-9 .\-])"

# Order matters: a rule sees what the rules before it have left.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "LOKASI",
        re.compile(
            r"(?:https?://)?(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.google|(?:www\.)?google\.[a-z.]{2,6}/maps)[^\s\[\]]*"
        ),
    ),
    (
        "LOKASI",
        re.compile(
            r"(?<![0-9.])[+-]?[0-9]{1,3}\.[0-9]{3,15}\s{0,2}[,;/ ]"
            r"\s{0,2}[+-]?[0-9]{1,3}\.[0-9]{4,15}(?![0-9.])"
        ),
    ),
    ("EMAIL", re.compile(r"(?<![\w.%+\-])[\w.%+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,5}")),
    (
        "EMAIL",
        re.compile(
            rf"(?<![\w.%+\-])[\w.%+\-]{{1,64}}\s?(?:@|\(at\)|\[at\]|\bat\b)\s?{_MAIL_HOST}"
            r"(?:\s?(?:\.|\bdot\b|\(dot\)|\btitik\b)\s?[a-z]{2,6}){1,3}(?![a-z])"
        ),
    ),
    ("TELEPON", re.compile(r"(?<=wa\.me/)\+?[0-9][^\s\[\]]*|(?<=api\.whatsapp\.com/)[^\s\[\]]+")),
    (
        "AKUN",
        re.compile(
            r"(?:(?<=(?<![a-z])t\.me/)|(?<=telegram\.me/)|(?<=wa\.me/)|(?<=chat\.whatsapp\.com/)|(?<=instagram\.com/)|"
            r"(?<=facebook\.com/)|(?<=fb\.com/)|(?<=tiktok\.com/)|(?<=line\.me/))[^\s\[\]]+"
        ),
    ),
    ("AKUN", re.compile(r"(?<![\w@.])@[a-z_][\w.]{1,31}(?<!\.)")),
    (
        "AKUN",
        re.compile(
            rf"(?<=(?<![a-z]))(?P<key>{_ACCOUNT_KEY}(?:nya)?\s?[:=]\s?)(?P<mask>[a-z0-9][\w.]{{3,31}})(?<!\.)"
        ),
    ),
    ("KODE", re.compile(r"(?<![a-z0-9])g-[0-9]{6}(?![0-9])")),
    (
        "KODE",
        re.compile(
            rf"(?<![a-z0-9])(?P<key>{_OTP}\s{{0,2}}(?:{_OTP_LINK}\s{{0,2}}){{0,5}})"
            r"(?P<mask>[0-9]{3}[ -][0-9]{3}|[0-9]{4,8})"
            r"(?![0-9]|[.\-/ ]{1,2}[0-9])"
        ),
    ),
    (
        "KODE",
        re.compile(
            r"(?<![0-9][.\-/ ])(?<![a-z0-9.\-/])(?P<mask>[0-9]{3}[ -]?[0-9]{3}|[0-9]{4,8})"
            rf"(?=\s{{0,2}}(?:adalah|is|itu|ini|=)?\s{{0,2}}(?:your |the )?{_OTP}(?![a-z]))"
        ),
    ),
    (
        "PASPOR",
        re.compile(
            rf"(?<![a-z0-9]){_NOT_PASSPORT}(?:[a-z]-?[0-9]{{7}}|[a-z]{{1,2}}[0-9]{{6}})(?![a-z0-9]|[.,][0-9])"
        ),
    ),
    (
        "PASPOR",
        re.compile(
            r"(?P<key>(?<![a-z])(?:paspor|passport|pasport|paspot)[a-z]{0,4}"
            r"(?:[ :=.#]{1,3}(?:no|nomor|number|saya|aku|nya|ku|is|"
            r"baru|lama|suami|istri|anak)){0,4}[ :=.#]{1,3})"
            r"(?P<mask>[a-z]{1,2}[ .\-]?[0-9][0-9 ]{4,9}[0-9])(?![a-z0-9])"
        ),
    ),
)
_LONE_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Z] [0-9]{7}(?![A-Za-z0-9]|[.,][0-9])")


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text with its identifying parts masked, and which kinds there were (NIK, TELEPON ...), in order."""

    text: str
    kinds: tuple[str, ...]


def _letters(folded: str, text: str, index: list[int]) -> list[Find]:
    """What is known by its letters: addresses, handles, codes, passports."""
    found: list[Find] = []
    taken = bytearray(len(folded))
    for kind, pattern in _RULES:
        for match in pattern.finditer(folded):
            start, end = match.span("mask") if "mask" in pattern.groupindex else match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(Find(start, end, kind))
    # a single capital and seven digits: capitals are lost by folding, so this one reads the text itself
    capitals = "".join(text[i] if folded[n] == text[i].lower() else folded[n] for n, i in enumerate(index))
    for match in _LONE_PASSPORT.finditer(capitals):
        if not any(taken[match.start() : match.end()]):
            found.append(Find(match.start(), match.end(), "PASPOR"))
    return sorted(found, key=lambda f: f.start)


def _mask(text: str, found: list[Find], index: list[int]) -> str:
    parts: list[str] = []
    at = 0
    for item in found:
        start, end = index[item.start], index[item.end - 1] + 1
        if item.kind == "TELEPON":  # the sign and the bracket before a number belong to it
            while start > at and text[start - 1] in "+(＋（":
                start -= 1
        parts += (text[at:start], f"[{item.kind}]")
        at = end
    return "".join((*parts, text[at:]))


def _once(text: str, keep: frozenset[str]) -> tuple[str, list[str]]:
    kinds: list[str] = []
    for letters in (True, False):
        folded, index = fold(text)
        # placeholders are walls: neither their letters nor what is beyond them is context
        folded = _PLACEHOLDER.sub(lambda m: "\n" * len(m[0]), folded)
        found = _letters(folded, text, index) if letters else find_numbers(folded, keep)
        kinds += [f.kind for f in found]
        text = _mask(text, found, index)
    return text, kinds


def redaction(text: str, keep: Iterable[str] = ()) -> Redaction:
    """Masks identity, passport, phone, account, card and tax numbers, handles, addresses, codes, positions.

    Args:
        text: What a person wrote; any string, at most 20,000 characters are read.
        keep: Public numbers (hotlines) that stay readable, written in any way.

    Returns:
        The masked text and the kinds masked. Masking it again changes nothing; it never raises.
    """
    known = frozenset(filter(None, map(canonical, keep)))
    text = text[:_MAX_CHARS]
    kinds: list[str] = []
    for _ in range(_PASSES):
        masked, more = _once(text, known)
        kinds += more
        if masked == text:
            return Redaction(text, tuple(kinds))
        text = masked
    # not settled (no such text is known): rather lose every digit than let one number pass
    return Redaction("".join("#" if c.isdigit() else c for c in text).replace("@", "#"), tuple(kinds))


def redact(text: str, keep: Iterable[str] = ()) -> str:
    """The text of `redaction`: what identifies a person replaced by [NIK], [TELEPON] and so on."""
    return redaction(text, keep).text


def coarsen(lat: float, lon: float) -> tuple[float, float]:
    """Rounds a position in degrees to 2 decimals (about 1.1 km): exact positions are never stored."""
    return round(lat, 2), round(lon, 2)
