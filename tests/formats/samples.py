"""Reading small texts in tests."""

from quizapp.formats.model import Bank, Document, Procedure, Section, Unreadable
from quizapp.formats.reader import read


def procedure(text: str, name: str = "amostra.md") -> Procedure:
    document = read(name, text.encode())
    assert isinstance(document, Procedure), document
    return document


def section(text: str, name: str = "amostra.md") -> Section:
    """The only section of a text without a heading."""
    (found,) = procedure(f"---\ntitulo: Amostra\n---\n{text}", name).sections
    return found


def bank(text: str, name: str = "banco.md") -> Bank:
    document = read(name, text.encode())
    assert isinstance(document, Bank), document
    return document


def declared(text: str) -> Bank:
    """A bank that its front matter declares."""
    return bank(f"---\nformato: questoes/1\nid: banco-teste\n---\n{text}")


def unreadable(data: bytes, name: str = "arquivo.txt") -> str:
    """The code that says why a file is not read."""
    document = read(name, data)
    assert isinstance(document, Unreadable), document
    return document.problems[-1].code


def found(document: Document) -> list[tuple[int, str]]:
    """The lines and codes of a document's problems."""
    return [(problem.line, problem.code) for problem in document.problems]
