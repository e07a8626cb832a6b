"""What a PDF carries: the signed fields of a certificate, and the text on its pages.

The file may be hostile: called in a sandbox.Child only, and nothing that it says is believed.
"""

import json
import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any

NAME = "certificate.json"
LARGEST = 1_900_000  # a proxy in front takes 2 MB, with what stands around the file
MEGABYTES, SECONDS = 256, 5.0
_MOST_PAGES = 40
_LONGEST = 2**19


@dataclass(frozen=True)
class Carried:
    """`seal` is what was found under NAME, not checked yet; `text` is without white space."""

    seal: dict[str, Any] | None
    text: str


def read(data: bytes) -> Carried:
    """Never raises for a file that is broken or is no PDF: it then carries nothing."""
    from pypdf import PdfReader  # in the child: who serves pages does without

    logging.disable(logging.CRITICAL)  # pypdf tells of each fault of a file
    try:
        reader = PdfReader(BytesIO(data))
        found = reader.attachments.get(NAME, [])
        seal = _seal(bytes(found[0])) if len(found) == 1 else None
        pages = reader.pages if seal and len(reader.pages) <= _MOST_PAGES else []
        return Carried(seal, plain("".join(page.extract_text() for page in pages)))
    except (MemoryError, RecursionError):
        raise
    except Exception:  # of a broken file, pypdf raises whatever it stumbles over
        return Carried(None, "")
    finally:
        logging.disable(logging.NOTSET)


def plain(text: str) -> str:
    """A text without white space: where its lines break means nothing."""
    return "".join(text.split())


def _seal(data: bytes) -> dict[str, Any] | None:
    value = json.loads(data) if len(data) <= _LONGEST else None
    is_one = (
        isinstance(value, dict)
        and isinstance(value.get("printed"), dict)
        and isinstance(value.get("key"), str)
        and isinstance(value.get("signature"), str)
    )
    return value if is_one else None
