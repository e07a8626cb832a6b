"""A file's items or sections as a preview shows them: plain values that JSON can hold."""

from html import escape
from typing import Any

from quizapp.content.items import content_of, key_of, remarks_of
from quizapp.formats.model import Bank, Document, Item, Procedure, Program
from quizapp.formats.programs import written_for, written_step

Shown = dict[str, Any]


def shown(document: Document) -> list[Shown]:
    """All items of a bank or sections of a procedure, in order; a program as one section."""
    if isinstance(document, Bank):
        return [_item(item) for item in document.items]
    if isinstance(document, Procedure):
        levels = sorted({section.level for section in document.sections if section.heading})
        return [
            {
                "anchor": section.anchor,
                "heading": section.heading,
                "depth": levels.index(section.level) + 1 if section.heading else 1,
                "html": section.html,
                "line": section.line,
            }
            for section in document.sections
        ]
    if isinstance(document, Program):
        return [_program(document)]
    return []


def _program(program: Program) -> Shown:
    """A program as one section: its introduction, its steps and for whom it is."""
    steps = "".join(f"<li>{escape(written_step(step))}</li>" for step in program.steps)
    whom = "".join(f"<li>{escape(written_for(one))}</li>" for one in program.wanted)
    return {
        "anchor": "program",
        "heading": program.title,
        "depth": 1,
        "html": f"{program.intro_html}<ol>{steps}</ol>" + (f"<ul>{whom}</ul>" if whom else ""),
        "line": program.steps[0].line if program.steps else 1,
    }


def _item(item: Item) -> Shown:
    """An item; `content` is what agents may see, `key` and `remarks` are for trainers alone."""
    return {
        "id": item.id if item.id_given else "",
        "number": item.number,
        "kind": item.kind,
        "line": item.line,
        "use": item.use,
        "difficulty": item.difficulty,
        "competencies": list(item.competencies),
        "sources": list(item.sources),
        "state": {"given": "confirmed"}.get(item.key, item.key),
        "content": content_of(item),
        "key": key_of(item),
        "hints": list(item.doubt),
        "remarks": remarks_of(item),
    }
