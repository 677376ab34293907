"""Finds and names runs of digits that may be a person's number, however they are written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORDS = {
    w: str(n)
    for n, ws in enumerate(
        (
            "kosong nol zero oh",
            "satu siji setunggal hiji one",
            "dua loro kalih two",
            "tiga telu tilu three",
            "empat papat opat four",
            "lima gangsal five",
            "enam enem genep six",
            "tujuh pitu tujuhna seven",
            "delapan lapan wolu dalapan eight",
            "sembilan songo salapan nine",
        )
    )
    for w in ws.split()
}
_NUMBERISH = re.compile(r"(?<![a-z0-9])[0-9oli|]{3,}(?![a-z0-9])")
_LOOKALIKE = str.maketrans("oli|", "0111")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_GROUP = re.compile(
    r"[0-9]+|(?<![a-z0-9])(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")(?![a-z0-9])"
)
_GAP = re.compile(r"[ .\-_()/\t]{0,3}")  # what may stand between two parts of one number
_MAX_DIGITS = 19

_CURRENCY = (
    r"(?:rp|idr|nt\$?|ntd|twd|rm|myr|sar|hk\$?|hkd|usd|us\$|\$|s\$|sgd|krw|jpy|aed|qar|kwd|bnd|b\$|eur|€|¥|₩|won|yen|"
    r"riyal|real|ringgit|dolar|dollar|dirham|dinar|euro)"
)
_UNIT = (
    r"(?:rupiah|perak|juta|jt|ribu|rb|k|m|milyar|miliar|ringgit|rm|dolar|dollar|riyal|real|won|yen|nt|ntd|dirham|dinar|"
    r"euro|idr|usd|hkd|sar|(?:per|se|/) ?(?:bulan|bln|tahun|hari|minggu|jam))"
)
_AMOUNT = r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){1,3}(?:,[0-9]{1,2}|,-)?|(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,2})?)"
_PROTECTED = re.compile(
    "|".join(
        (
            # money: after a currency, before a unit, or with thousands marked
            rf"(?<![a-z0-9]){_CURRENCY}\.? ?[1-9][0-9.,]{{0,15}}(?: ?- ?[1-9][0-9.,]{{0,15}})?(?![0-9])",
            rf"(?<![0-9+.,-])[1-9][0-9.,]{{0,14}}(?: ?- ?[1-9][0-9.,]{{0,14}})? ?{_UNIT}(?![a-z0-9])",
            rf"(?<![0-9+.,-])(?!62\.8){_AMOUNT}(?: ?- ?{_AMOUNT})?(?![0-9]|[.,-][0-9])",
            # dates
            r"(?<![0-9.\-/])(?:0?[1-9]|[12][0-9]|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}"
            r"(?![0-9]|[-/.][0-9]| [0-9]{3})",
            r"(?<![0-9.\-/])(?:19|20)[0-9]{2}([-/.])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12][0-9]|3[01])(?![0-9]|[-/.][0-9])",
            # times of day
            r"(?<![0-9.:\-])(?:[01]?[0-9]|2[0-4])[.:][0-5][0-9](?: ?- ?(?:[01]?[0-9]|2[0-4])[.:][0-5][0-9])?"
            r"(?![0-9]|[.:\-/][0-9]| ?-? ?[0-9]{3})",
            # area code of the ministry of the interior (32.12.05.2001); law numbers (18/2017)
            r"(?<![0-9.])[1-9][0-9]\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}(?![0-9]|[.-][0-9])",
            r"(?<![0-9/])[0-9]{1,3}/(?:19|20)[0-9]{2}(?![0-9]|[/-][0-9]| [0-9]{3})",
        )
    )
)
_MONEY_WORD = re.compile(
    r"(?:gaji|upah|bayar|biaya|potong|harga|denda|utang|hutang|modal|pinjam|bunga|setor|tebus|minta)[a-z]*\W{0,3}$"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

_CTX = {
    "KK": re.compile(r"(?<![a-z])(?:kk|kartu keluarga)(?:nya|ku)?(?![a-z])"),
    "NIK": re.compile(r"(?<![a-z])(?:nik|ktp|e-?ktp)(?:nya|ku)?(?![a-z])"),
    "NPWP": re.compile(r"(?<![a-z])npwp"),
    "KARTU": re.compile(
        r"(?<![a-z])(?:kartu (?:atm|kredit|debit)|atm|kredit|debit|visa card|"
        r"credit card|debit card|master ?card)(?![a-z])"
    ),
    "REKENING": re.compile(
        r"(?<![a-z])(?:no ?rek|rek|rekening|bca|bri|bni|bsi|btn|mandiri|cimb|danamon|permata|bank|"
        r"dana|ovo|gopay|va|"
        r"(?:transfer|tf|trf|kirim uang) (?:ke|nang|ka|to)|account|akun bank)(?:nya|ku|ing)?(?![a-z])"
    ),
    "TELEPON": re.compile(
        r"(?<![a-z])(?:hp|wa|whatsapp|no ?hp|nope|telp|tlp|telpon|telepon|telfon|phone|hub|hubungi|kontak|"
        r"nomor(?:ku|nya)|"
        r"nomor (?:saya|aku|suami|istri|anak|agen|majikan)|(?:my|his|her) number)(?:nya|ku)?(?![a-z])"
    ),
}
_CARD_DIGITS = range(13, 20)
# first two digits of an identity number: codes of the provinces (ministry of the interior)
_PROVINCES = (
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 "
    "93 94 95 96"
)


@dataclass(frozen=True, slots=True)
class Find:
    """A number found: [start, end) in the text that was searched, and its kind (NIK, TELEPON ...)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str
    spelled: bool


def fold(text: str) -> tuple[str, list[int]]:
    """Folds what only looks different: width, script of digits, case, dashes, invisible characters.

    Args:
        text: Any string, lone surrogates included.

    Returns:
        The folded text and, for each of its characters, the index in `text` it came from.
    """
    out: list[str] = []
    index: list[int] = []
    for i, char in enumerate(text):
        if char >= "\x80":
            category = unicodedata.category(char)
            if category in ("Cf", "Mn", "Me"):
                continue  # a zero-width character between digits must not hide them
            if category == "Nd":
                char = str(unicodedata.decimal(char))
            else:
                plain = unicodedata.normalize("NFKC", char)
                char = plain if len(plain) == 1 else char
                char = _DASHES.get(ord(char), char)
                char = " " if char.isspace() else char
        low = char.lower()
        out.append(low if len(low) == 1 else char)
        index.append(i)
    return "".join(out), index


def _mend(match: re.Match[str]) -> str:
    word = match[0]
    real = sum(c.isdigit() for c in word)
    # "O812", "08l2": letters are digits only where most of the word is digits
    return word.translate(_LOOKALIKE) if real >= 2 and real * 2 >= len(word) else word


def canonical(number: str) -> str:
    """The digits of a telephone number without country or trunk prefix, to compare two writings of one."""
    digits = "".join(c for c in number if c.isdigit())
    for prefix in ("0062", "62", "0"):
        if digits.startswith(prefix) and len(digits) > 8:
            return digits[len(prefix) :]
    return digits


def luhn(digits: str) -> bool:
    """Whether the check digit of a payment card is right."""
    total = 0
    for i, char in enumerate(reversed(digits)):
        value = int(char) * (1 + i % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_nik(digits: str) -> bool:
    """Whether 16 digits begin as an identity number: province, then a birth date (women: day + 40)."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return digits[:2] in _PROVINCES and (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12


def _nearest(text: str, pos: int) -> tuple[str, ...]:
    """Kinds whose words stand shortly before `pos`, the nearest first."""
    before = text[max(0, pos - 40) : pos].rsplit("\n", 1)[-1]
    last = {kind: max((m.end() for m in rx.finditer(before)), default=-1) for kind, rx in _CTX.items()}
    return tuple(sorted((k for k, at in last.items() if at >= 0), key=lambda k: -last[k]))


def _phone_shaped(digits: str, plus: bool) -> bool:
    n = len(digits)
    if plus:
        return 7 <= n <= 15
    if digits.startswith("00"):
        return 10 <= n <= 17
    return (
        (digits[0] == "0" and 9 <= n <= 13)
        or (digits.startswith("62") and 10 <= n <= 15)
        or (digits[0] == "8" and digits[1] != "0" and 10 <= n <= 12)
    )


def _name(groups: list[_Group], text: str, context: tuple[str, ...]) -> str | None:
    """The kind of the number that these groups write, or None where they write none."""
    digits = "".join(g.digits for g in groups)
    n, whole = len(digits), len(groups) == 1
    sizes = {len(g.digits) for g in groups}
    start = groups[0].start
    plus = "+" in text[max(0, start - 2) : start]
    near = context[0] if context else None
    if n < 7 or all(_YEAR.fullmatch(g.digits) for g in groups):
        return None
    # several amounts in a row are not one number: only small or even parts may be joined
    joined = (
        whole or max(sizes) <= 5 or (len(groups) <= 4 and digits[0] == "0") or (near is not None and n <= 16)
    )
    if not joined:
        return None
    if n in (15, 16) and (
        near == "NPWP" or re.match(r"\d\d\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}", text[start : start + 20])
    ):
        return "NPWP"
    if plus and 7 <= n <= 15:
        return "TELEPON"
    if whole and n > _MAX_DIGITS:
        return "NIK"
    if "KARTU" in context and n in _CARD_DIGITS:
        return "KARTU"
    if near == "REKENING" and 8 <= n <= 18 and (whole or n >= 10):
        return "REKENING"
    if near in ("NIK", "KK") and 14 <= n <= 18 and (whole or n == 16):
        return near
    if n == 16 and digits[0] != "0":
        return "NIK" if _is_nik(digits) or not luhn(digits) else "KARTU"
    if _phone_shaped(digits, plus):
        return "TELEPON"
    if near == "TELEPON" and 7 <= n <= 15 and not digits.startswith("1500"):
        return "TELEPON"
    if n in _CARD_DIGITS and n < 19 and digits[0] in "3456" and luhn(digits) and (whole or min(sizes) >= 3):
        return "KARTU"
    even = len(sizes) == 1 or min(sizes) >= 3
    if 10 <= n <= _MAX_DIGITS and (whole or even):
        return (
            "TELEPON" if n <= 12 else "REKENING"
        )  # unknown, yet too long to be anything but somebody's number
    return None


def _chains(text: str) -> list[list[_Group]]:
    """Digit groups that stand so near each other that they may be one number."""
    protected = [m.span() for m in _PROTECTED.finditer(text) if sum(map(str.isdigit, m[0])) <= 26]
    chains: list[list[_Group]] = []
    at = 0
    for match in _GROUP.finditer(text):
        while at < len(protected) and protected[at][1] <= match.start():
            at += 1
        if at < len(protected) and protected[at][0] <= match.start():
            continue
        word = match[0]
        spelled = not word[0].isdigit()
        group = _Group(match.start(), match.end(), _WORDS[word] if spelled else word, spelled)
        last = chains[-1][-1] if chains else None
        if last is not None and _GAP.fullmatch(text, last.end, group.start):
            chains[-1].append(group)
        else:
            chains.append([group])
    return chains


def find_numbers(folded: str, keep: frozenset[str]) -> list[Find]:
    """Finds the numbers of persons in a folded text, left to right, none overlapping.

    Args:
        folded: What `fold` gave.
        keep: Public numbers in `canonical` form, which stay.
    """
    text = _NUMBERISH.sub(_mend, folded)
    found: list[Find] = []
    for chain in _chains(text):
        i = 0
        while i < len(chain):
            size, kind = _best(chain, i, text, keep)
            if kind:
                found.append(Find(chain[i].start, chain[i + size - 1].end, kind))
            i += size
    return found


def _best(chain: list[_Group], i: int, text: str, keep: frozenset[str]) -> tuple[int, str | None]:
    """How many groups from `i` on are one number, and its kind (None: leave them)."""
    start = chain[i].start
    context = _nearest(text, start)
    options: list[tuple[int, str]] = []
    digits = ""
    for j in range(i, len(chain)):
        digits += chain[j].digits
        if j > i and len(digits) > _MAX_DIGITS:
            break
        if len(digits) >= 6 and canonical(digits) in keep:
            return j - i + 1, None
        groups = chain[i : j + 1]
        if sum(g.spelled for g in groups) == len(groups) and digits[0] != "0" and not context:
            continue  # counting aloud, not dictating a number
        if any(len(g.digits) <= 4 and g.digits in keep for g in groups) and digits[0] != "0" and not context:
            continue  # "148 / 129 / 110 / 1955"
        if digits[0] != "0" and digits.endswith("000") and len(groups) == 1 and len(digits) <= 12:
            before = text[max(0, start - 24) : start]
            if _MONEY_WORD.search(before):
                continue
        kind = _name(groups, text, context)
        if kind:
            options.append((j - i + 1, kind))
            if j == i and len(digits) >= 10:
                break  # complete on its own: what follows is another number
    if not options:
        return 1, None
    size, kind = options[-1]
    tiny = {len(g.digits) for g in chain[i : i + size]} <= {1, 2}
    while not tiny and len(options) > 1 and len(chain[i + size - 1].digits) <= 2 and kind != "NPWP":
        if " " not in text[chain[i + size - 2].end : chain[i + size - 1].start]:
            break
        options.pop()  # "0812 3456 7890 2 orang": the 2 is not part of it
        size, kind = options[-1]
    return size, kind
