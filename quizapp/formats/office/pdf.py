"""The text of a PDF becomes Markdown; of pages without text it is said that they are lost."""

from quizapp.formats.model import Image, Problem
from quizapp.formats.office.looks import with_headings
from quizapp.formats.office.nesting import nest
from quizapp.formats.office.paper.flow import flowed
from quizapp.formats.office.paper.lines import without_frames
from quizapp.formats.office.paper.reading import Page, read_pages
from quizapp.formats.office.pieces import Note
from quizapp.formats.office.typed import with_entries
from quizapp.formats.office.writing import write

_LONGEST = 80
_MAX_FRAMES = 6


def pdf_to_text(name: str, data: bytes) -> tuple[str, list[Image], list[Problem]]:
    """The text of a PDF as Markdown, no pictures, and what is lost; "" with an error."""
    pages = read_pages(data)
    if isinstance(pages, Problem):
        return "", [], [pages]
    lines, frames = without_frames([page.lines for page in pages])
    pieces = flowed(lines, _lost(pages))
    pieces = with_entries(with_headings(pieces))
    nest(pieces)
    text, problems = write(pieces)
    return text, [], [*_remarks(pages, frames), *problems]


def _lost(pages: list[Page]) -> dict[int, Note]:
    """What is said of the pages that show something but no text, by their number."""
    return {
        number: Note("warning", "pdf-page-lost", {"page": number, "images": page.images})
        for number, page in enumerate(pages, start=1)
        if not page.lines and (page.is_drawn or page.images)
    }


def _remarks(pages: list[Page], frames: list[str]) -> list[Problem]:
    """What was left out of the pages that have text."""
    images = sum(page.images for page in pages if page.lines)
    said = [
        Problem(1, 1, "info", "pdf-frame-left-out", {"text": text[:_LONGEST]})
        for text in frames[:_MAX_FRAMES]
    ]
    if images:
        said.append(Problem(1, 1, "warning", "pdf-images-left-out", {"count": images}))
    return said
