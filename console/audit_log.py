"""Screen: the audit log, newest first."""

from sqlalchemy import select
from starlette.responses import Response

from console.desk import Desk, Page, Screen
from console.paging import PAGE_ROWS, cut, unpack
from core.languages import mark as _
from core.storage.staff import Audit

ACTIONS = {
    "sign_in": _("masuk"),
    "sign_in_failed": _("gagal masuk"),
    "sign_out": _("keluar"),
    "change_password": _("mengganti kata sandi"),
    "view": _("melihat"),
    "done": _("menandai selesai"),
    "reopen": _("membuka lagi"),
    "assign": _("menugaskan"),
    "tag": _("memberi label"),
    "untag": _("melepas label"),
    "note": _("menulis catatan"),
    "export": _("mengekspor"),
    "draft": _("menyimpan draf"),
    "withdraw": _("menarik draf"),
    "import": _("mengimpor daftar"),
    "change": _("mengubah"),
    "erase": _("menghapus"),
    "take": _("mengambil"),
    "reply": _("membalas"),
    "close": _("menutup"),
    "save_filter": _("menyimpan saringan"),
    "delete_filter": _("menghapus saringan"),
    "correct": _("mengoreksi pesan"),
    "confirm": _("menyetujui koreksi"),
    "discard": _("membuang koreksi"),
    "try": _("melatih model percobaan"),
    "accept": _("memakai model percobaan"),
    "back": _("kembali ke model sebelumnya"),
    "drop": _("membuang model percobaan"),
    "download": _("mengunduh perubahan data latihan"),
}
"""Audit actions in words; one that is not here is shown by its own name."""


async def _show(desk: Desk) -> Response:
    query = desk.request.query_params
    rows = select(Audit).order_by(Audit.id.desc()).limit(PAGE_ROWS + 1)
    if staff := query.get("staff", ""):
        rows = rows.where(Audit.staff == staff)
    if name := query.get("name", ""):
        rows = rows.where(Audit.kind == query.get("kind", "chat"), Audit.name == name)
    if after := unpack(query.get("after", ""), int):
        rows = rows.where(Audit.id < after[0])
    async with desk.database.read() as session:
        page = cut((await session.scalars(rows)).all(), lambda row: [row.id])
    return await desk.page(
        "audit.html", slice=page, staff=staff, name=name, kind=query.get("kind", ""), actions=ACTIONS
    )


SCREEN = Screen("audit", _("Catatan audit"), "/audit", "audit", "admin", (Page("/audit", _show, "admin"),))
