"""Poster: an A4 page with a QR code that opens a village's centre in the chat, made for printing in black and white."""

import re
from collections.abc import Iterator
from datetime import date

from core.centres import Centre
from core.hotlines import hotlines
from core.languages import Translator
from core.languages import mark as _
from core.links import Link

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,28}[Bb][Oo][Tt]")
_CODEC = "cp1252"
"""What the PDF standard fonts can show; nothing has to be embedded."""
_QR_MM = 108.0
_QUIET = 4
"""Empty modules around a code (ISO/IEC 18004)."""


class PosterError(ValueError):
    """A poster cannot be made; the message, in English, says what to do."""


def bot_name(name: str) -> str:
    """A bot's user name without "@".

    Raises:
        PosterError: No bot can be called so (https://core.telegram.org/bots/features#botfather).
    """
    plain = name.removeprefix("@")
    if not _NAME.fullmatch(plain):
        raise PosterError(
            f"{name!r} is no bot's name: letters, digits and _, ending in bot, such as desmi_bot."
        )
    return plain


def link_of(centre: Centre, bot: str) -> str:
    """The address that the code holds."""
    return f"https://t.me/{bot}?start={Link('centre', centre.area_code).payload}"


def make_poster(centre: Centre, bot: str, t: Translator, today: date) -> bytes:
    """The poster of a centre as PDF.

    Args:
        centre: The village.
        bot: The bot's user name, see `bot_name`.
        t: The poster's language.
        today: The day that is printed on it, by which the age of numbers is told.
    """
    from fpdf import FPDF  # heavy, and needed by this alone

    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = _CODEC
    pdf.set_title(f"Desmi - {centre.village}")
    pdf.set_margin(18)
    pdf.set_auto_page_break(False)
    pdf.add_page()

    def line(text: str, size: int, height: float, style: str = "", align: str = "C") -> None:
        pdf.set_font("Helvetica", style, size)
        shown = text.encode(_CODEC, "replace").decode(_CODEC)
        pdf.multi_cell(0, height, shown, align=align, new_x="LMARGIN", new_y="NEXT")

    line(t.gettext(_("Mau kerja ke luar negeri?")), 30, 13, "B")
    line(t.gettext(_("Tanya Desmi dulu. Gratis.")), 24, 11, "B")
    pdf.ln(3)
    line(t.gettext(_("Desmigratif Desa {village}")).format(village=centre.village), 18, 9, "B")
    line(f"Kec. {centre.district}, {centre.regency}, {centre.province}", 13, 7)
    pdf.ln(3)
    left, top = (pdf.w - _QR_MM) / 2, pdf.get_y()
    for x, y, width, height in _modules(link_of(centre, bot)):
        pdf.rect(left + x * _QR_MM, top + y * _QR_MM, width * _QR_MM, height * _QR_MM, style="F")
    pdf.set_y(top + _QR_MM + 2)
    steps = (
        _("1. Pindai kode ini dengan kamera HP, atau buka Telegram dan cari @{bot}."),
        _("2. Tekan Mulai (Start)."),
        _("3. Ketik pertanyaan Anda dengan kata-kata sendiri."),
    )
    for step in steps:
        line(t.gettext(step).format(bot=bot), 17, 9, align="L")
    pdf.ln(2)
    about = _(
        "Desmi menjawab tentang syarat, dokumen, biaya, ciri penipuan, dan tempat minta tolong, dengan sumber dan "
        "tanggal. Desmi program komputer, bukan manusia dan bukan kantor pemerintah."
    )
    line(t.gettext(about), 14, 7, align="L")
    pdf.ln(2)
    danger = t.gettext(
        _("Dalam bahaya? Telepon [[hotline:kp2mi_abroad]] dari luar negeri, [[hotline:kp2mi]] di Indonesia.")
    )
    line(hotlines().fill(danger, today, t.language.code), 15, 8, "B", "L")
    pdf.ln(2)
    printed = t.gettext(_("Dibuat {date}. {link}")).format(date=t.date(today), link=link_of(centre, bot))
    line(printed, 10, 6, align="L")
    if pdf.get_y() > pdf.h - 8:
        raise PosterError(f"{centre.village}: the text does not fit one page.")
    return bytes(pdf.output())


def _modules(link: str) -> Iterator[tuple[float, float, float, float]]:
    """The code's dark parts as (x, y, width, height) in parts of its whole width; neighbours in a row are one."""
    import segno

    matrix = segno.make(link, error="q", micro=False).matrix
    size = len(matrix) + 2 * _QUIET
    for y, row in enumerate(matrix):
        start: int | None = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield (start + _QUIET) / size, (y + _QUIET) / size, (x - start) / size, 1 / size
                start = None
