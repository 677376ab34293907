"""Profile: the commands and descriptions that Telegram shows, published in each language."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from telegram import BotCommand
from telegram.error import TelegramError

from bot.client import Client
from core.languages import LANGUAGES, SOURCE, translator
from core.languages import mark as _
from core.storage import Database, models

logger = logging.getLogger(__name__)

COMMANDS = {
    "start": _("Mulai"),
    "menu": _("Menu utama"),
    "help": _("Apa yang bisa Desmi bantu"),
    "kantor": _("Pusat Desmigratif terdekat"),
    "dokumen": _("Daftar dokumen saya"),
    "pengingat": _("Ingatkan saya pada tanggal penting"),
    "lapor": _("Buat laporan atau pengaduan"),
    "darurat": _("Minta tolong sekarang"),
    "petugas": _("Bicara dengan petugas"),
    "bahasa": _("Ganti bahasa"),
    "privasi": _("Data apa yang disimpan"),
    "privacy": _("Kebijakan privasi"),
    "izin": _("Izin memakai pertanyaan saya"),
    "hapus": _("Hapus data saya"),
    "batal": _("Berhenti dari yang sedang dikerjakan"),
}
"""Commands in menu order, with their descriptions."""
DESCRIPTION = _(
    "Desmi menjawab pertanyaan tentang bekerja di luar negeri: syarat, dokumen, kesehatan, biaya, penipuan, dan "
    "bantuan. Setiap jawaban ditulis orang, dengan sumber dan tanggal periksa. Gratis. Desmi bukan manusia dan bukan "
    "kantor pemerintah."
)
SHORT_DESCRIPTION = _("Tanya jawab kerja ke luar negeri yang aman, gratis, dengan sumber.")


@dataclass(frozen=True, slots=True)
class Profile:
    """What Telegram shows in one language; `code` is empty for all who speak none of the others."""

    code: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str


def profiles() -> list[Profile]:
    """The source language as the default, and each of the others."""
    made: list[Profile] = []
    for code in LANGUAGES:
        t = translator(code)
        commands = tuple((name, t.gettext(text)) for name, text in COMMANDS.items())
        shown = "" if code == SOURCE else code
        made.append(Profile(shown, commands, t.gettext(DESCRIPTION), t.gettext(SHORT_DESCRIPTION)))
    return made


async def publish(client: Client, database: Database) -> None:
    """Publish what changed since the last time; a failure is logged, and made good at the next start."""
    key = f"profile:{client.id}"
    for profile in profiles():
        name = f"{key}:{profile.code}"
        digest = hashlib.sha256(json.dumps(asdict(profile)).encode()).hexdigest()
        try:
            async with database.begin() as session:
                if await session.scalar(select(models.Fact.value).where(models.Fact.key == name)) == digest:
                    continue
            await _publish(client, profile)
            async with database.begin() as session:
                await session.merge(models.Fact(key=name, value=digest))
        except (TelegramError, SQLAlchemyError, OSError) as error:
            logger.warning(
                "the profile (%s) was not published: %s", profile.code or SOURCE, error.__class__.__name__
            )


async def _publish(client: Client, profile: Profile) -> None:
    language = profile.code or None
    commands = [BotCommand(name, text) for name, text in profile.commands]
    await client.set_my_commands(commands, language_code=language)
    await client.set_my_description(profile.description, language_code=language)
    await client.set_my_short_description(profile.short_description, language_code=language)
