"""Documents as the JSON that `quizapp convert` and the export write; `json_in` reads it back."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from quizapp.formats.model import (
    Answer,
    Bank,
    Document,
    Image,
    Item,
    Problem,
    Procedure,
    Program,
    Section,
)


def write_json(bank: Bank) -> tuple[bytes, list[Problem]]:
    """The bank as one document of JSON, which loses nothing; findings stay behind."""
    value = as_json(f"{bank.id}.json", bank, lambda problem: problem.code) | {"problems": []}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode(), []


def as_json(path: str, document: Document, message: Callable[[Problem], str]) -> dict[str, Any]:
    """One document; `message` words a problem in the reader's language."""
    shared = {
        "path": path,
        "kind": None,
        "title": None,
        "problems": [_problem(problem, message) for problem in document.problems],
    }
    if isinstance(document, Procedure):
        sections = [_section(section) for section in document.sections]
        return shared | {
            "kind": "procedure",
            "title": document.title,
            "sections": sections,
            "id": document.id,
            "language": document.language,
            "in_force_from": document.in_force_from,
            "owner": document.owner,
            "approved_by": document.approved_by,
            "images": [_image(image) for image in document.images],
        }
    if isinstance(document, Bank):
        return shared | {
            "kind": "bank",
            "title": document.title,
            "items": [_item(item) for item in document.items],
            "left_out": [asdict(left) for left in document.left_out],
            "id": document.id,
            "language": document.language,
            "cut_score": document.cut_score,
            "lint": dict(document.lint),
            "images": [_image(image) for image in document.images],
        }
    if isinstance(document, Program):
        return shared | {
            "kind": "program",
            "title": document.title,
            "steps": [asdict(step) for step in document.steps],
            "for": [asdict(one) for one in document.wanted],
            "id": document.id,
            "language": document.language,
            "intro": document.intro,
            "minutes": document.minutes,
            "months": document.months,
            "until": document.until,
            "warn_days": document.warn_days,
            "queues": document.queues,
            "in_order": document.in_order,
            "images": [_image(image) for image in document.images],
        }
    return shared


def _problem(problem: Problem, message: Callable[[Problem], str]) -> dict[str, Any]:
    return {
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "code": problem.code,
        "message": message(problem),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "anchor": section.anchor,
        "heading": section.heading,
        "level": section.level,
        "line": section.line,
        "text": section.text,
        "steps": [{"label": step.label, "text": step.text} for step in section.steps],
        "markdown": section.markdown,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "stem": item.stem,
        "options": [asdict(option) for option in item.options],
        "answers": [_answer(answer) for answer in item.answers],
        "pairs": [list(pair) for pair in item.pairs],
        "explanation": item.explanation,
        "sources": list(item.sources),
        "competencies": list(item.competencies),
        "difficulty": item.difficulty,
        "use": item.use,
        "tags": list(item.tags),
        "line": item.line,
        "key": item.key,
        "doubt": list(item.doubt),
        "number": item.number,
        "name": item.name,
        "category": item.category,
        "accepted": list(item.accepted),
        "body": item.body,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    """An answer without the values that its form does not have."""
    values = asdict(answer)
    return {
        name: value
        for name, value in values.items()
        if value is not None or name in ("fraction", "feedback")
    }


def _image(image: Image) -> dict[str, str]:
    return {"name": image.name, "data": b64encode(image.data).decode()}
