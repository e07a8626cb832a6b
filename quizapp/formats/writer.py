"""Documents as the Markdown that reads back to the same documents."""

from quizapp.formats.front_matter import block
from quizapp.formats.item_writer import write_item
from quizapp.formats.model import Bank, Document, Procedure, Program, Unreadable
from quizapp.formats.programs import write_program
from quizapp.formats.text import escape_all

_SEVERITIES = {"error": "erro", "warning": "aviso", "info": "info", "off": "desligado"}


def write_markdown(document: Document) -> str:
    """The document as a file of ours; an unreadable one is an empty text."""
    if isinstance(document, Unreadable):
        return ""
    if isinstance(document, Program):
        return write_program(document)
    return _bank(document) if isinstance(document, Bank) else _procedure(document)


def _procedure(document: Procedure) -> str:
    parts = [
        block(
            formato="procedimento/1",
            id=document.id,
            titulo=document.title,
            idioma=document.language,
            vigencia=document.in_force_from,
            responsavel=document.owner,
            aprovado_por=document.approved_by,
        )
    ]
    has_title = False
    for section in document.sections:
        is_headed = bool(section.heading) or section.anchor != "inicio"
        if is_headed and not has_title and section.heading == document.title:
            # A first heading that is the title and no more is no section: give it one above.
            parts.append("" if section.markdown else _heading(document.title, 1))
        if is_headed:
            has_title = True
            parts.append(_heading(section.heading, section.level))
        parts.append(section.markdown)
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(text: str, level: int) -> str:
    return f"{'#' * level} {escape_all(text)}".rstrip()


def _bank(document: Bank) -> str:
    score = document.cut_score
    parts = [
        block(
            formato="questoes/1",
            id=document.id,
            titulo=document.title,
            idioma=document.language,
            nota_minima=int(score) if score is not None and score == int(score) else score,
            lint=", ".join(f"{code}={_SEVERITIES[severity]}" for code, severity in document.lint),
        )
    ]
    parts += [write_item(item, place) for place, item in enumerate(document.items, start=1)]
    return "\n\n".join(parts) + "\n"
