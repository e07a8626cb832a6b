"""Not there yet."""

from quizapp.formats.model import Image, Problem


def html_to_markdown(name: str, html: str) -> tuple[str, list[Image], list[Problem]]:
    raise NotImplementedError
