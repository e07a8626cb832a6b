"""A file's bytes become a procedure, a bank, or the reasons why not."""

from dataclasses import replace

from quizapp.formats.bank_native import read_native
from quizapp.formats.bank_numbered import is_numbered, read_numbered
from quizapp.formats.banks import assemble_bank
from quizapp.formats.decoding import decode
from quizapp.formats.detection import is_markdown, is_native
from quizapp.formats.front_matter import FrontMatter, split
from quizapp.formats.markdown_procedure import read_markdown
from quizapp.formats.model import Bank, Problem, Procedure, Unreadable
from quizapp.formats.text import fold
from quizapp.formats.text_procedure import read_text

__all__ = ["decode", "read"]

_FORMATS = {
    "": "",
    "questoes/1": "bank",
    "questions/1": "bank",
    "procedimento/1": "procedure",
    "procedure/1": "procedure",
}


def read(name: str, data: bytes) -> Procedure | Bank | Unreadable:
    """What a file holds; bad content never raises, it gives problems."""
    decoded = decode(name, data)
    if isinstance(decoded, Unreadable):
        return decoded
    text, problems = decoded
    matter = split(text)
    if isinstance(matter, Problem):
        return Unreadable((*problems, matter))
    document = _read(name, matter, text)
    return replace(document, problems=(*problems, *document.problems))


def _read(name: str, matter: FrontMatter, source: str) -> Procedure | Bank | Unreadable:
    """The document, of the kind that the front matter says or the content shows."""
    said = _FORMATS.get(fold(matter.get("format")))
    if said is None:
        args: dict[str, str | int] = {"format": matter.get("format")}
        return Unreadable((Problem(matter.line("format"), 1, "error", "format-unknown", args),))
    body, first = matter.body, matter.body_line
    markdown = is_markdown(name, body)
    if said != "procedure" and is_numbered(body, declared=said == "bank"):
        return assemble_bank(name, matter, source, "numbered", read_numbered(body, first))
    if said == "bank" or (not said and markdown and is_native(body)):
        return assemble_bank(name, matter, source, "native", read_native(body, first))
    if markdown:
        return read_markdown(name, matter, source)
    return read_text(name, matter, source)
