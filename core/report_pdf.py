"""A report's summary as PDF, with fonts that every reader has; made in memory, without a network."""

from collections.abc import Sequence

from core.replies import File

MEDIA_TYPE = "application/pdf"
_CODEC = "cp1252"
"""What the PDF standard fonts can show; other signs become "?", pictograms are left out."""
_HEAD, _BODY, _LINE = 14, 11, 6


def _shown(text: str) -> str:
    plain = "".join(char for char in text if ord(char) < 0x2500 and (char >= " " or char == "\n"))
    return plain.strip().encode(_CODEC, "replace").decode(_CODEC)


def make_pdf(name: str, title: str, paragraphs: Sequence[str], footer: str) -> File:
    """A page or more: a title, paragraphs, and a line at the end."""
    from fpdf import FPDF  # heavy, and needed by a report alone

    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = _CODEC
    pdf.set_title(_shown(title))
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", _HEAD)
    pdf.multi_cell(0, _LINE + 2, _shown(title), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(_LINE)
    pdf.set_font("Helvetica", "", _BODY)
    for paragraph in paragraphs:
        pdf.multi_cell(0, _LINE, _shown(paragraph), new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(_LINE / 2)
    pdf.set_font("Helvetica", "I", _BODY - 2)
    pdf.multi_cell(0, _LINE, _shown(footer), new_x="LMARGIN", new_y="NEXT", align="L")
    return File(name, MEDIA_TYPE, bytes(pdf.output()))
