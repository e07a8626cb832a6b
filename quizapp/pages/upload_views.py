"""One file of a preview, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp.certification import program_texts, programs
from quizapp.content import diffs, previews, uploads
from quizapp.content.messages import message
from quizapp.content.models import Upload
from quizapp.content.previews import Entry
from quizapp.formats import model
from quizapp.formats.links import PICTURES
from quizapp.formats.programs import written_for
from quizapp.items.kinds import CHOICE, SCORABLE
from quizapp.pages import program_lines as words
from quizapp.pages.language import today
from quizapp.pages.program_forms import LANGUAGES
from quizapp.pages.program_lines import StepLine
from quizapp.quiz import forms
from quizapp.reports.solutions import accepted

ON_A_PAGE = 20  # questions or sections

STATUS_NAMES = {
    "added": _l("New"),
    "updated": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "conflict": _l("Conflict"),
    "refused": _l("Refused"),
    "picture": _l("Picture"),
    "unused": _l("Picture that no file shows"),
}
FORMAT_NAMES = {
    "native": _l("our Markdown"),
    "numbered": _l("numbered questions"),
    "lettered": _l("lettered questions"),
    "task-list": _l("task lists"),
    "markdown": "Markdown",
    "text": _l("plain text"),
    "gift": "GIFT",
    "program": _l("Program"),
    "aiken": "Aiken",
    "moodle": "Moodle XML",
    "qti": "QTI",
    "csv": "CSV",
    "xlsx": "Excel",
    "docx": "Word",
    "pdf": "PDF",
    "html": _l("web page"),
    "json": "JSON",
}


def names() -> dict[str, Any]:
    """The words for statuses and formats."""
    return {"status_names": STATUS_NAMES, "format_names": FORMAT_NAMES}


@dataclass(frozen=True)
class Said:
    """A problem in the reader's language, with the lines around it as (number, text)."""

    line: int
    text: str
    lines: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Group:
    """The problems of one code."""

    severity: str
    code: str
    problems: Sequence[Said]


@dataclass(frozen=True)
class Question:
    """A question as an agent will see it, and for the trainer what its file says of the key."""

    said: dict[str, Any]
    shown: forms.ShownItem
    is_scored: bool
    right: Sequence[Markup]
    explanation: Markup


@dataclass(frozen=True)
class ProgramView:
    """What a program asks, and of whom as its text says it."""

    intro: Markup
    lines: Sequence[StepLine]
    facts: dict[str, str]
    wanted: Sequence[str]


@dataclass(frozen=True)
class FileView:
    """All that a page says of one file; `first` is the place of the first thing shown."""

    said: Entry
    groups: Sequence[Group]
    diff: diffs.Diff | None
    questions: Sequence[Question]
    sections: Sequence[dict[str, Any]]
    program: ProgramView | None
    first: int
    total: int

    @property
    def last(self) -> int:
        """The place of the last thing shown."""
        return min(self.total, self.first + ON_A_PAGE - 1)


def view(session: Session, upload: Upload, said: Entry) -> FileView:
    """What a page says of this file of an upload."""
    kept = uploads.file_of(session, upload, said["position"])
    shown = kept.shown or []
    asked = request.args.get("from", "1")
    first = int(asked[:6]) if asked.isascii() and asked.isdigit() else 1
    first = min(max(1, first), max(1, len(shown)))
    here = shown[first - 1 : first - 1 + ON_A_PAGE]
    pictures = url_for("uploads.picture", public_id=upload.public_id, name="")
    is_bank = said["kind"] == "bank"
    is_program = said["kind"] == "program"
    return FileView(
        said,
        _groups(said),
        _diff(session, said, kept.source),
        [_question(n, item, pictures) for n, item in enumerate(here, first)] if is_bank else [],
        []
        if is_bank or is_program
        else [{**part, "html": _html(part["html"], pictures)} for part in here],
        _program(session, upload, kept.source) if is_program else None,
        first,
        len(shown),
    )


def _groups(said: Entry) -> list[Group]:
    """The problems by severity, worst first, and code."""
    found: dict[tuple[str, str], list[Said]] = {}
    for problem in said["problems"]:
        worded = Said(problem["line"], message(previews.problem_of(problem)), problem["lines"])
        found.setdefault((problem["severity"], problem["code"]), []).append(worded)
    return [Group(severity, code, problems) for (severity, code), problems in found.items()]


def _diff(session: Session, said: Entry, source: str | None) -> diffs.Diff | None:
    """What would change of the document that is here."""
    if said["status"] not in ("updated", "conflict") or source is None:
        return None
    here = previews.current_source(session, said["kind"], said["slug"])
    return None if here is None else diffs.compare(here, source)


def _program(session: Session, upload: Upload, source: str | None) -> ProgramView | None:
    """A program with the titles that its steps have here, or in the files that came with it.

    What is wanting stands among the file's problems: they know of those files, too.
    """
    document = program_texts.check("program.md", source or "")
    if not isinstance(document, model.Program):
        return None
    language, kinds = document.language, {"procedure": "read", "bank": "quiz"}
    beside = {(kinds.get(one.get("kind", "")), one.get("slug")): one for one in upload.report}
    lines = []
    for step, line in zip(
        document.steps, words.step_lines(session, document.steps, today()), strict=True
    ):
        came = beside.get((step.kind, step.slug))
        if came is not None:
            parts = uploads.file_of(session, upload, came["position"]).shown or []
            headings = {part.get("anchor"): part.get("heading") for part in parts}
            section = headings.get(step.anchor) or line.section
            line = replace(line, title=came["title"], section=section if step.anchor else "")
        lines.append(replace(line, remark=""))
    return ProgramView(
        Markup(document.intro_html),  # sanitised by the reader
        lines,
        words.facts(programs.rules_in(document), LANGUAGES.get(language, language)),
        [written_for(one) for one in document.wanted],
    )


def _question(number: int, said: dict[str, Any], pictures: str) -> Question:
    content, kind = said["content"], said["kind"]
    if kind in ("ordering", "matching"):
        # In the file's order they would show their key.
        order = forms.order(kind, content, 1, str(number))
    else:
        order = list(range(len(content["options"])))
    shown = forms.show(number, kind, _with_pictures(content, pictures), order, None)
    explanation = _html(said["remarks"]["explanation_html"], pictures)
    return Question(said, shown, kind in SCORABLE, _right(said, pictures), explanation)


def _with_pictures(content: dict[str, Any], pictures: str) -> dict[str, Any]:
    """The content with the pictures that this upload brought: they are not in the library yet."""
    return {
        "stem_html": _html(content["stem_html"], pictures),
        **{
            part: [{**side, "html": _html(side["html"], pictures)} for side in content[part]]
            for part in ("options", "rights")
            if part in content
        },
    }


def _html(html: str, pictures: str) -> Markup:
    return Markup(html.replace(f'src="{PICTURES}', f'src="{pictures}'))  # sanitised by the reader


def _right(said: dict[str, Any], pictures: str) -> list[Markup]:
    """The key in words, as the file gives it; of a doubtful one what it hints at."""
    options = [_html(option["html"], pictures) for option in said["content"]["options"]]
    kind, key = said["kind"], said["key"]
    if said["state"] == "doubtful":
        return [options[i] for i in said["hints"] if i < len(options)]
    if key is None:
        return []
    if kind in CHOICE:
        letters = forms.LETTERS
        return [
            Markup("{}. {}").format(letters[i % 26], options[i])
            for i, fraction in enumerate(key["fractions"])
            if fraction > 0
        ]
    if kind == "ordering":
        return options
    if kind == "matching":
        rights = [_html(right["html"], pictures) for right in said["content"]["rights"]]
        pairs = zip(options, key["matches"], strict=True)
        return [Markup("{} → {}").format(left, rights[match]) for left, match in pairs]
    return [Markup.escape(text) for text in accepted(kind, key)]
