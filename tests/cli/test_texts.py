"""`desmi redact`: standard input to standard output, byte for byte where nothing is masked."""

import pytest

from core.hotlines import hotlines
from tests.cli.conftest import Desmi


@pytest.mark.parametrize(
    "secret",
    [
        "3212161507900003",
        "32 1216 150790 0003",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "siti.aminah@example.com",
        "A1234567",
    ],
)
def test_what_identifies_a_person_is_masked(fresh: Desmi, secret: str) -> None:
    result = fresh("redact", given=f"paspor atau nomor saya {secret} ya\n")
    assert result.exit_code == 0
    assert secret not in result.stdout
    assert result.stdout.endswith(" ya\n")


@pytest.mark.parametrize(
    "kept", ["gaji 29.500 per bulan", "UU 18/2017 pasal 30", "tahun 2026", "biaya Rp 5.000.000"]
)
def test_what_must_be_read_is_kept(fresh: Desmi, kept: str) -> None:
    assert fresh("redact", given=kept + "\n").stdout == kept + "\n"


def test_hotlines_are_kept(fresh: Desmi) -> None:
    text = "".join(f"telepon {number}\n" for number in sorted(hotlines().numbers()))
    assert fresh("redact", given=text).stdout == text


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"a\r\nb\r\n", b"tanpa akhir", b"\x00\n", b"x" * 10_000 + b"\n", "a\u2028b\x0bc\n".encode()],
)
def test_the_rest_comes_out_as_it_went_in(fresh: Desmi, raw: bytes) -> None:
    assert fresh("redact", given=raw).stdout_bytes == raw


def test_bytes_that_are_no_text_do_not_stop_it(fresh: Desmi) -> None:
    result = fresh("redact", given=b"\xff\xfe nomor 081234567890\nlagi 081234567890\n")
    assert result.exit_code == 0
    assert "081234567890" not in result.stdout
    assert result.stdout.count("\n") == 2


OFFERS = "Bayar DP 5 juta dulu ke rekening saya\n\nhalo\u2028bu\nKontrak ditandatangani di Disnaker sebelum berangkat\n"


def test_offers_a_line_each_with_exact_quotes(fresh: Desmi) -> None:
    entries = fresh.lines("offer", given=OFFERS)
    assert [entry["text"] for entry in entries] == OFFERS.split("\n")[:-1]
    assert all(list(entry) == ["text", "signs", "order"] for entry in entries)
    assert [sign["id"] for sign in entries[0]["signs"]] == ["money_up_front", "personal_account"]
    assert all(list(sign) == ["id", "quote", "explanation"] for sign in entries[0]["signs"])
    assert entries[1] == {"text": "", "signs": [], "order": []}
    assert [list(order) for order in entries[3]["order"]] == [["id", "quote"]] * len(entries[3]["order"])
    for entry in entries:
        for found in (*entry["signs"], *entry["order"]):
            assert found["quote"] in entry["text"]


def test_offers_to_be_read(fresh: Desmi) -> None:
    said = fresh("offer", given=OFFERS).output
    assert '! money_up_front: "Bayar DP 5 juta" - ' in said
    assert "that proves nothing" in said
