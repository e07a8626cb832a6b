"""What people may call themselves, opened in LibreOffice: no cell is a formula, no text is lost."""

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizapp import clock
from quizapp.reports.sheets import csv, xlsx
from tests.reports.sheets.tables import HOSTILE, names, reader

SOFFICE = shutil.which("soffice")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# UTF-8, `;`, from line 1 on, and formulas and numbers found in texts: what a person's click takes.
AS_EXCEL = "--infilter=CSV:59,34,76,1,,0,false,true,false"


@pytest.fixture
def opened(tmp_path):
    """Opens a file in LibreOffice; all its cells, as (formula, text)."""
    if SOFFICE is None or not list(Path(SOFFICE).resolve().parent.glob("libsclo.*")):
        pytest.skip("no LibreOffice Calc here: left out (apt-get install libreoffice-calc)")

    def convert(name: str, data: bytes, *options: str) -> list[tuple[str | None, str]]:
        file = tmp_path / name
        file.write_bytes(data)
        home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
        subprocess.run(
            [
                SOFFICE,
                home,
                "--headless",
                *options,
                "--convert-to",
                "fods",
                "--outdir",
                str(tmp_path),
                str(file),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        root = ElementTree.parse(tmp_path / f"{file.stem}.fods").getroot()  # noqa: S314
        return [
            (cell.get(f"{TABLE}formula"), "\n".join(_said(p) for p in cell.iter(f"{TEXT}p")))
            for cell in root.iter(f"{TABLE}table-cell")
        ]

    return convert


def _said(paragraph) -> str:
    """The text of a paragraph, where blanks and tabs are elements."""
    text = paragraph.text or ""
    for part in paragraph:
        blanks = int(part.get(f"{TEXT}c", "1"))
        text += {f"{TEXT}s": " " * blanks, f"{TEXT}tab": "\t"}.get(part.tag, part.text or "")
        text += part.tail or ""
    return text


def plain(text: str) -> str:
    """A text as spreadsheets keep it: their lines end in one way."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "\n")


@pytest.mark.slow
def test_libreoffice_finds_no_formula_in_a_csv(app, opened):
    cells = opened("nomes.csv", csv.write(names(HOSTILE), reader()), AS_EXCEL)
    assert [formula for formula, _ in cells if formula] == []
    texts = {text for _, text in cells}
    lost = {name for name in HOSTILE if plain(csv.defused(name)) not in texts}
    assert lost == {"00123"}  # a number to whoever opens a CSV; a workbook keeps it


@pytest.mark.slow
def test_libreoffice_finds_a_formula_where_nothing_is_defused(app, opened):
    cells = opened("nomes.csv", b"\xef\xbb\xbfNome;Lidas\r\n=1+1;7\r\n", AS_EXCEL)
    assert [formula for formula, _ in cells if formula] == ["of:=1+1"]


@pytest.mark.slow
def test_libreoffice_finds_no_formula_in_a_workbook(app, opened):
    cells = opened("nomes.xlsx", xlsx.write([names(HOSTILE)], reader(), clock.now()))
    assert [formula for formula, _ in cells if formula] == []
    texts = {plain(text) for _, text in cells}
    assert {name for name in HOSTILE if plain(name) not in texts} == set()
