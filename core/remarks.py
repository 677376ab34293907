"""Remarks: what is said to what is no question."""

from core.languages import mark as _

OTHER = {
    "sticker": _("Stiker Anda lucu, tetapi saya hanya mengerti tulisan. Silakan ketik pertanyaan Anda."),
    "voice": _("Maaf, saya belum bisa mendengar suara. Silakan ketik pertanyaan Anda, boleh singkat."),
    "photo": _(
        "Maaf, saya belum bisa membaca gambar. Silakan ketik isi atau pertanyaan Anda. "
        "Jangan kirim foto KTP atau paspor."
    ),
    "document": _(
        "Maaf, saya belum bisa membaca berkas. Silakan ketik pertanyaan Anda. Jangan kirim dokumen pribadi."
    ),
    "contact": _("Terima kasih, tetapi nomor kontak tidak saya simpan. Silakan ketik pertanyaan Anda."),
    "edit": _("Pesan yang sudah diubah tidak saya baca ulang. Silakan kirim pertanyaan sebagai pesan baru."),
    "group": _(
        "Maaf, Desmi hanya menjawab di obrolan pribadi, supaya cerita Anda tidak dibaca orang lain. "
        "Buka profil saya lalu tekan Mulai."
    ),
    "empty": _("Pesannya kosong. Silakan ketik pertanyaan Anda."),
}
"""By what was sent, see `core.turns.Turn`."""
OTHER_DEFAULT = _("Maaf, jenis pesan itu belum saya mengerti. Silakan ketik pertanyaan Anda.")
