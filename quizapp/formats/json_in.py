"""The JSON that `json_out` writes becomes the same bank, procedure or program again."""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from quizapp.formats.foreign import MAX_ITEMS, assemble
from quizapp.formats.front_matter import DEFAULT_LANGUAGE, split
from quizapp.formats.images import image_of, refusal
from quizapp.formats.json_fields import Fields, Note
from quizapp.formats.json_items import id_of, item_of
from quizapp.formats.json_programs import OF_PROGRAM, program_of
from quizapp.formats.json_text import lines_of, parse_json
from quizapp.formats.markdown_procedure import read_markdown
from quizapp.formats.model import (
    Bank,
    Image,
    LeftOut,
    Problem,
    Procedure,
    Program,
    Section,
    Severity,
    Unreadable,
)
from quizapp.formats.text import collapse, title_from_name
from quizapp.formats.titles import identity_from_name
from quizapp.formats.writer import write_markdown

_START = re.compile(r"\s{0,999}(?:\[\s{0,999})?\{\s{0,999}[\"}]")
_MANY = 10**9
_LEVELS = ("error", "warning", "info", "off")
_SHARED = {"path", "kind", "title", "problems", "id", "language", "images"}
_OF_BANK = {*_SHARED, "items", "left_out", "cut_score", "lint"}
_OF_PROCEDURE = {*_SHARED, "sections", "in_force_from", "owner", "approved_by"}


def is_json(text: str) -> bool:
    """Whether a text is an object of JSON, or a list of objects."""
    return bool(_START.match(text))


def read_json(name: str, text: str) -> Bank | Procedure | Program | Unreadable:
    """The one document that a text of JSON holds; a field of another type refuses the file."""
    value = parse_json(text)
    if isinstance(value, Problem):
        return Unreadable((value,))
    document = _document(value)
    if isinstance(document, Problem):
        return Unreadable((document,))
    if document.values.get("kind") == "procedure":
        return _procedure(name, text, document)
    if document.values.get("kind") == "program":
        return _program(name, text, document)
    return _bank(name, text, document)


def _document(value: object) -> Fields | Problem:
    """The document; files that became nothing, beside it in a list, do not count."""
    values = value if isinstance(value, list) else [value]
    found = [
        Fields(entry, f"[{index}]" if isinstance(value, list) else "")
        for index, entry in enumerate(values)
        if isinstance(entry, dict) and entry.get("kind", "bank") is not None
    ]
    if len(found) > 1:
        return Problem(1, 1, "error", "json-several", {"count": len(found)})
    if not found or not {"items", "sections", "steps"} & found[0].values.keys():
        return Problem(1, 1, "error", "json-not-ours")
    return found[0]


def _bank(name: str, text: str, document: Fields) -> Bank | Unreadable:
    document.only(_OF_BANK)
    document.word("kind", ("bank",), "bank")
    given = document.objects("items")
    if len(given) > MAX_ITEMS:
        return Unreadable((Problem(1, 1, "error", "too-many-items", {"most": MAX_ITEMS}),))
    items = [item_of(fields) for fields in given]
    _check_ids(given)
    title, bank_id = document.text("title"), id_of(document)
    language = document.text("language") or DEFAULT_LANGUAGE
    cut_score = document.number("cut_score", 0, 100)
    left_out, images, lint = _left_out(document), _images(document), _lint(document)
    lines = lines_of(text, {note.where for note in document.notes} | {f.path for f in given})
    problems = _problems(document, lines)
    if any(problem.severity == "error" for problem in problems):
        return Unreadable(problems)
    bank = assemble(
        name,
        "json",
        [replace(item, line=lines[f.path]) for item, f in zip(items, given, strict=True)],
        title=title,
        bank_id=bank_id,
        language=language,
        cut_score=cut_score,
        left_out=left_out,
        problems=problems,
        images=images,
    )
    if not lint:
        return bank
    bank = replace(bank, lint=lint)
    return replace(bank, source=write_markdown(bank))


def _problems(document: Fields, lines: dict[str, int]) -> tuple[Problem, ...]:
    """What was noted, with the lines on which it stands."""
    found: list[Problem] = []
    for note in document.notes:
        severity: Severity = "info" if note.code == "json-unknown" else "error"
        found.append(Problem(lines.get(note.where, 1), 1, severity, note.code, note.args))
    return tuple(sorted(found, key=lambda problem: problem.line))


def _check_ids(given: Sequence[Fields]) -> None:
    """Say which ids stand twice."""
    taken: set[object] = set()
    for fields in given:
        item_id = fields.values.get("id")
        if isinstance(item_id, str) and item_id:
            if item_id in taken:
                fields.say(Note(fields.at("id"), "id-duplicate", {"id": item_id[:80]}))
            taken.add(item_id)


def _left_out(document: Fields) -> list[LeftOut]:
    return [
        LeftOut(int(fields.number("line", 0, _MANY) or 1), fields.text("name"), fields.text("type"))
        for fields in document.objects("left_out")
    ]


def _lint(document: Fields) -> tuple[tuple[str, str], ...]:
    value = document.values.get("lint", {})
    if isinstance(value, dict):
        fields = Fields(value, document.at("lint"), document.notes)
        return tuple((code, fields.word(code, _LEVELS, "off")) for code in value)
    document.note("lint", "object")
    return ()


def _images(document: Fields) -> list[Image]:
    """The pictures, each under the name that its bytes give it."""
    found: list[Image] = []
    for fields in document.objects("images"):
        try:
            data = b64decode(fields.text("data"), validate=True)
        except ValueError:
            data = b""
        image = image_of(data)
        if image and not refusal(data) and image.name == fields.values.get("name"):
            found.append(image)
        else:
            fields.note("data", f"base64: {image.name if image else 'PNG, JPEG, WebP'}")
    return found


def _procedure(name: str, text: str, document: Fields) -> Procedure | Unreadable:
    """The procedure, its sections read from their Markdown once more."""
    document.only(_OF_PROCEDURE)
    sections = tuple(_section(fields) for fields in document.objects("sections"))
    procedure = Procedure(
        id=id_of(document) or identity_from_name(name),
        title=document.text("title") or title_from_name(name),
        format="json",
        language=document.text("language") or DEFAULT_LANGUAGE,
        source="",
        sections=sections,
        owner=document.text("owner"),
        approved_by=document.text("approved_by"),
        in_force_from=_date(document),
        images=tuple(_images(document)),
    )
    problems = _problems(document, lines_of(text, {note.where for note in document.notes}))
    source = write_markdown(procedure)
    matter = split(source)
    if isinstance(matter, Problem) or any(problem.severity == "error" for problem in problems):
        return Unreadable(problems or (Problem(1, 1, "error", "json-not-ours"),))
    found = read_markdown(name, matter, source)
    # Their lines are those of the Markdown, which nobody has seen.
    said = (replace(problem, line=1, column=1) for problem in found.problems)
    return replace(found, format="json", images=procedure.images, problems=(*problems, *said))


def _program(name: str, text: str, document: Fields) -> Program | Unreadable:
    """The program, read from its text once more."""
    document.only(_SHARED | OF_PROGRAM)
    found = program_of(name, document, _images(document))
    problems = _problems(document, lines_of(text, {note.where for note in document.notes}))
    if isinstance(found, Unreadable):
        return found
    if found is None or any(problem.severity == "error" for problem in problems):
        return Unreadable(problems or (Problem(1, 1, "error", "json-not-ours"),))
    return replace(found, problems=(*problems, *found.problems))


def _section(fields: Fields) -> Section:
    fields.require("markdown")
    return Section(
        anchor=fields.text("anchor"),
        heading=collapse(fields.text("heading")),
        level=int(fields.number("level", 0, 6) or 0),
        line=1,
        text="",
        html="",
        hash="",
        markdown=fields.text("markdown"),
    )


def _date(document: Fields) -> str | None:
    value = document.values.get("in_force_from")
    try:
        return date.fromisoformat(document.text("in_force_from")).isoformat() if value else None
    except ValueError:
        document.note("in_force_from", '"2026-12-31" | null')
        return None
