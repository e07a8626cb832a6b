"""A file's items or sections as a preview shows them: plain values that JSON can hold."""

from typing import Any

from quizapp.content.items import content_of, key_of, remarks_of
from quizapp.formats.model import Bank, Document, Item, Procedure

Shown = dict[str, Any]


def shown(document: Document) -> list[Shown]:
    """All items of a bank or sections of a procedure, in order. A program is shown by its text."""
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
    return []


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
