"""What an item is, what its fields and key say, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from typing import TypeVar

from quizapp.formats.amounts import numeric
from quizapp.formats.bank_answers import read_answers
from quizapp.formats.bank_fields import DIFFICULTIES, TYPES, USES, Field, listed
from quizapp.formats.bank_options import (
    check_choices,
    choices,
    is_true_false,
    too_few,
    true_false,
    truth,
)
from quizapp.formats.bank_raw import RawItem
from quizapp.formats.model import Item, KeyState, Option, Problem, Severity
from quizapp.formats.text import fold
from quizapp.items.kinds import CHOICE, Difficulty, Kind, Use

_Value = TypeVar("_Value")

# Kinds that look alike in a file, so that `Tipo:` decides: what is shown, what may be said.
_EITHER: frozenset[tuple[Kind, Kind]] = frozenset(
    {
        ("single", "multiple"),
        ("short_answer", "numeric"),
        ("numeric", "short_answer"),
        ("short_answer", "essay"),
        ("numeric", "essay"),
        ("description", "essay"),
        ("ordering", "essay"),
        ("ordering", "description"),
        ("matching", "essay"),
        ("matching", "description"),
    }
)
_UNSCORED: frozenset[Kind] = frozenset({"essay", "description", "scenario"})
_LINK = re.compile(r"\]\(#[^)\s]")


@dataclass
class Builder:
    """Turns what was found under a stem into an item, with its problems."""

    raw: RawItem
    language: str
    problems: list[Problem] = field(default_factory=list)
    difficulty: Difficulty | None = None
    use: Use = "exam"
    type: Kind | None = None
    sources: list[str] = field(default_factory=list)
    competencies: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def build(self, item_id: str) -> Item:
        """The item under its id."""
        for found in self.raw.fields:
            self._take(found)
        kind = self._kind()
        options = self._options(kind)
        has_answers = kind in ("numeric", "short_answer", "essay")
        answers, problems = read_answers(self.raw.answers if has_answers else [], kind)
        self.problems += problems
        return Item(
            id=item_id,
            id_given=bool(self.raw.given_id),
            number=self.raw.number,
            kind=kind,
            stem=self._stem(kind),
            line=self.raw.line,
            key=self._key(kind),
            options=options,
            answers=answers,
            pairs=tuple(self.raw.pairs) if kind == "matching" else (),
            explanation=self.raw.explanation,
            sources=tuple(self.sources),
            competencies=tuple(self.competencies),
            tags=tuple(self.tags),
            difficulty=self.difficulty,
            use=self.use,
            body=self.raw.body,
        )

    def _problem(
        self, severity: Severity, code: str, line: int | None = None, **args: str | int
    ) -> None:
        self.problems.append(Problem(line or self.raw.line, 1, severity, code, args))

    def _take(self, found: Field) -> None:
        match found.name:
            case "source":
                self.sources += listed(found.value)
            case "competencies":
                self.competencies += listed(found.value)
            case "tags":
                self.tags += listed(found.value)
            case "number":
                self.raw.number = str(int(found.value)) if found.value.isdecimal() else found.value
            case "difficulty":
                self.difficulty = self._one_of(DIFFICULTIES, found, "difficulty-unknown")
            case "use":
                self.use = self._one_of(USES, found, "use-unknown") or "exam"
            case "type":
                self.type = self._one_of(TYPES, found, "type-unknown")

    def _one_of(self, known: dict[str, _Value], found: Field, code: str) -> _Value | None:
        value = known.get(fold(found.value).rstrip("."))
        if value is None:
            self._problem("error", code, found.line, value=found.value, allowed=", ".join(known))
        return value

    def _kind(self) -> Kind:
        """The kind that the text shows, or the one that `Tipo:` says where both can be."""
        said = self.type
        if said == "scenario":
            self._problem("warning", "kind-not-served", kind=said, number=self.raw.number)
            return said
        shown = self._shown_kind()
        if said is None or said == shown:
            if shown == "description" and said is None:
                self._problem("warning", "item-empty", number=self.raw.number)
            return shown
        if (shown, said) in _EITHER:
            return said
        if said == "true_false" and self._truth() is not None:
            return said
        self._problem("error", "type-mismatch", said=str(said), shown=shown)
        return shown

    def _shown_kind(self) -> Kind:
        raw = self.raw
        if raw.options:
            if raw.answers:
                self._problem("error", "answer-with-options", raw.answers[0].field.line)
            if is_true_false(raw.options):
                return "true_false"
            return "multiple" if sum(option.keyed for option in raw.options) > 1 else "single"
        if raw.answers:
            is_number = all(numeric(answer.field.value) for answer in raw.answers)
            return "numeric" if is_number else "short_answer"
        if raw.ordered:
            return "ordering"
        return "matching" if raw.pairs else "description"

    def _truth(self) -> bool | None:
        answers = self.raw.answers
        return truth(answers[0].field.value) if len(answers) == 1 and not self.raw.options else None

    def _stem(self, kind: Kind) -> str:
        """The stem; in a text to be answered freely, a list at its end is part of it."""
        if not self.raw.stem and not self.raw.last_list:
            self._problem("error", "stem-empty", number=self.raw.number)
        if kind not in _UNSCORED or not self.raw.last_list:
            return self.raw.stem
        return "\n\n".join(filter(None, (self.raw.stem, self.raw.last_list)))

    def _options(self, kind: Kind) -> tuple[Option, ...]:
        raw = self.raw
        if kind in ("ordering", "matching"):
            if len(raw.ordered) + len(raw.pairs) < 2:
                self.problems.append(too_few(raw))
            return tuple(Option(text, 1 / len(raw.ordered)) for text in raw.ordered)
        if kind not in CHOICE:
            return ()
        is_true = self._truth()
        if is_true is not None:
            raw.options = true_false(is_true, self.language, raw.answers[0].field.line)
        self.problems += check_choices(raw)
        return choices(raw.options)

    def _key(self, kind: Kind) -> KeyState:
        if kind in CHOICE and not any(option.keyed for option in self.raw.options):
            self._problem("warning", "key-missing", number=self.raw.number)
            return "missing"
        if kind == "scenario":
            return "given" if _LINK.search(self.raw.body) else "missing"
        return "missing" if kind in _UNSCORED else "given"
