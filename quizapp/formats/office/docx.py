"""Not there yet."""

from quizapp.formats.archive import Archive
from quizapp.formats.model import Image, Problem


def docx_to_markdown(
    name: str, data: bytes, archive: Archive
) -> tuple[str, list[Image], list[Problem]]:
    raise NotImplementedError
