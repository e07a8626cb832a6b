"""Paper: a typst template and texts in, a PDF/UA document out.

The texts go in as data, never as markup; the fonts are those that come with typst, so that a
document looks the same on every machine.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst


def made(template: Path, inputs: Mapping[str, str], at: datetime, logo: str = "") -> bytes:
    """The document, of which the same inputs and time make the same bytes.

    `logo` is the path of the only file that the template can read, in its folder as `/name`.
    """
    compiler = typst.Compiler(
        template.read_bytes(),
        root=str(Path(logo or template).parent),
        font_paths=_fonts(),
        sys_inputs=dict(inputs),
    )
    data = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=at)
    assert isinstance(data, bytes)  # noqa: S101 - a PDF is one file
    return data


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def printable(value: Any) -> Any:
    """The same with only what the fonts can show: PDF/UA allows no missing sign."""
    if isinstance(value, str):
        shown = "".join(" " if c.isspace() else c for c in value if c.isspace() or _has_glyph(c))
        return shown.strip() or ("–" if value else "")
    if isinstance(value, list | tuple):
        return [printable(entry) for entry in value]
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    return value


def is_printable(text: str) -> bool:
    """Whether the fonts hold all letters of a text."""
    return all(_has_glyph(sign) for sign in text if unicodedata.category(sign).startswith("L"))


@lru_cache(maxsize=4096)
def _has_glyph(sign: str) -> bool:
    code = ord(sign)
    is_covered = any(first <= code <= last for first, last in _COVERED)
    return is_covered and unicodedata.category(sign) not in ("Cn", "Cc", "Cf")


# What Libertinus Serif holds of Latin, Greek and Cyrillic, signs, currencies, arrows: tried by
# typst's strict mode, one by one.
_COVERED = (
    (0x20, 0x7E),
    (0xA1, 0x4FF),
    (0x1E00, 0x1FFE),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x2070, 0x211E),
    (0x2122, 0x2122),
    (0x2153, 0x2184),
    (0x2190, 0x22FF),
)
