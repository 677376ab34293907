"""A country of a few villages, in the files of `content/`."""

import gzip
from pathlib import Path

import pytest

from core import catalogue

CENTRES = (
    "village,district,regency,province,year,source_title,source_url,source_date,note,area_code,lat,lon,"
    "precision\n"
)
CENTRE = (
    "Kenanga,Sindang,Kabupaten Indramayu,Jawa Barat,2016,Judul,https://www.example.org/a,2018-02,,"
    "32.12.16.2004,-6.355,108.310,village\n"
)
PREPARED = (
    "Terusan,Sindang,Kabupaten Indramayu,Jawa Barat,2017,Judul,https://www.example.org/a,2018-02,proposed,"
    "32.12.16.2005,-6.365,108.320,village\n"
)
OFFICES = (
    "kind,name,address,regency,province,phone,source_title,source_url,source_date,lat,lon,precision\n"
    "disnaker,Disnaker Kota Kupang,Jalan Contoh 1,Kota Kupang,Nusa Tenggara Timur,,Judul,https://example.org/b,2018,,,\n"
    "BP3MI,BP3MI Nusa Tenggara Timur,,,Nusa Tenggara Timur,,Judul,https://example.org/c,,-10.17,123.6,district\n"
    "BP3MI,BP3MI Jawa Barat,,,Jawa Barat,,Judul,https://example.org/d,2020-01-02,,,\n"
)
CHECKED = 'centres: "2026-11-01"\noffices: "2026-11-02"\nareas: "2026-11-03"\n'


def write_content(folder: Path) -> Path:
    """Write all files; returns the folder."""
    geography = folder / "geography"
    geography.mkdir(parents=True)
    files = {
        "provinces.csv": "code,name,lat,lon,source\n32,Jawa Barat,-6.9,107.6,t\n53,Nusa Tenggara Timur,-8.6,121,t\n",
        "regencies.csv": "code,name,province_code,lat,lon,source\n32.12,Kabupaten Indramayu,32,-6.4,108.2,t\n"
        "53.71,Kota Kupang,53,-10.16,123.6,t\n",
        "districts.csv": "code,name,regency_code,lat,lon,source\n32.12.16,Sindang,32.12,-6.36,108.31,t\n"
        "53.71.02,Maulafa,53.71,-10.18,123.62,t\n",
    }
    for name, text in files.items():
        (geography / name).write_text(text, "utf-8")
    with gzip.open(geography / "villages.csv.gz", "wt", encoding="utf-8") as out:
        out.write(
            "code,name,district_code,lat,lon,source\n32.12.16.2004,Kenanga,32.12.16,-6.35507,108.31049,t\n"
            "32.12.16.2005,Terusan,32.12.16,-6.36507,108.32049,t\n53.71.02.1005,Naimata,53.71.02,-10.185,123.64,t\n"
        )
    (folder / "centres.csv").write_text(CENTRES + CENTRE + PREPARED, "utf-8")
    (folder / "offices.csv").write_text(OFFICES, "utf-8")
    (folder / "checked.yml").write_text(CHECKED, "utf-8")
    (folder / "place_aliases.yml").write_bytes((catalogue.CONTENT / "place_aliases.yml").read_bytes())
    return folder


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small country in place of `content/`."""
    folder = write_content(tmp_path / "content")
    monkeypatch.setattr("core.catalogue.CONTENT", folder)
    monkeypatch.setattr("core.atlas.CONTENT", folder)
    return folder
