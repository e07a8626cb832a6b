"""Not there yet."""

from quizapp.formats.model import Image, Problem


def pdf_to_text(name: str, data: bytes) -> tuple[str, list[Image], list[Problem]]:
    raise NotImplementedError
