"""What an item is, what its fields and key say, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from typing import TypeVar

from quizapp.formats.amounts import numeric
from quizapp.formats.bank_answers import read_answers
from quizapp.formats.bank_fields import DIFFICULTIES, TYPES, USES, Field, listed
from quizapp.formats.bank_keys import letter_of, meant
from quizapp.formats.bank_options import (
    check_choices,
    choices,
    marked_wrong,
    shown_kind,
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
        ("multiple", "single"),
        ("true_false", "single"),
        ("true_false", "multiple"),
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
    doubt: set[int] | None = None
    keys: list[Field] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    competencies: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def build(self, item_id: str) -> Item:
        """The item under its id."""
        for found in self.raw.fields:
            self._take(found)
        self._take_keys()
        kind = self._kind()
        key = self._key(kind)
        options = self._options(kind, key)
        has_answers = kind in ("numeric", "short_answer", "essay")
        answers, problems = read_answers(
            self.raw.answers if has_answers else [], kind, self.language
        )
        self.problems += problems
        return Item(
            id=item_id,
            id_given=bool(self.raw.given_id),
            number=self.raw.number,
            kind=kind,
            stem=self._stem(kind),
            line=self.raw.line,
            key=key,
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
            name=self.raw.name,
            category=self.raw.category,
            doubt=tuple(sorted(self.doubt or ())),
            accepted=tuple(self.accepted),
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
            case "name":
                self.raw.name = found.value
            case "category":
                self.raw.category = found.value
            case "accepted":
                self.accepted += listed(found.value)
            case "key":
                self.keys.append(found)

    def _one_of(self, known: dict[str, _Value], found: Field, code: str) -> _Value | None:
        value = known.get(fold(found.value).rstrip("."))
        if value is None:
            self._problem("error", code, found.line, value=found.value, allowed=", ".join(known))
        return value

    def _take_keys(self) -> None:
        """Tick what `Gabarito:` says; where it is not what the boxes say, nobody knows."""
        options = self.raw.options
        if options:
            self.keys += [answer.field for answer in self.raw.answers]
        self.doubt = set(self.raw.doubt) if self.raw.doubt is not None else None
        ticked = {index for index, option in enumerate(options) if option.keyed}
        said: set[int] = set()
        for found in self.keys:
            key = meant(found.value, [option.text for option in options])
            if key is None:
                self._unread_key(found)
                continue
            said |= set(key.indices)
            if not key.sure:
                self.doubt = (self.doubt or set()) | ticked
        if self.doubt is not None:
            self.doubt |= said
        elif said and ticked and said != ticked:
            self._doubt(said | ticked, "key-disagrees")
        for index in said:
            options[index].keyed = True

    def _unread_key(self, found: Field) -> None:
        if found.name == "answer":
            self._problem("error", "answer-with-options", found.line)
        elif self.raw.options:
            args = {"item": self.raw.number, "option": found.value[:80]}
            self._problem("error", "key-option-missing", found.line, **args)
        elif found.value.strip() == "?":
            self.doubt = set()
        else:
            self._problem("error", "key-not-choice", found.line, item=self.raw.number)

    def _doubt(self, indices: set[int], code: str) -> None:
        """Leave the key to a person, who is told what the file hints at."""
        if self.doubt is None:
            hints = ", ".join(letter_of(index) for index in sorted(indices))
            self._problem("warning", code, number=self.raw.number, options=hints)
        self.doubt = (self.doubt or set()) | indices

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
        if said == "true_false" and (self._truth() is not None or len(self.raw.options) == 2):
            return said
        self._problem("error", "type-mismatch", said=str(said), shown=shown)
        return shown

    def _shown_kind(self) -> Kind:
        raw = self.raw
        if raw.options:
            keys = 0 if self.doubt is not None else sum(option.keyed for option in raw.options)
            return shown_kind([option.text for option in raw.options], keys)
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
        if not self.raw.stem and not self.raw.stem_with_list:
            self._problem("error", "stem-empty", number=self.raw.number)
        if kind not in _UNSCORED or not self.raw.stem_with_list:
            return self.raw.stem
        return self.raw.stem_with_list

    def _key(self, kind: Kind) -> KeyState:
        if kind in CHOICE:
            return self._choice_key(kind)
        if kind == "scenario":
            return "given" if _LINK.search(self.raw.body) else "missing"
        if kind in _UNSCORED:
            return "missing"
        return "given" if self.doubt is None else "doubtful"

    def _choice_key(self, kind: Kind) -> KeyState:
        is_true = self._truth()
        if is_true is not None:
            self.raw.options = true_false(is_true, self.language, self.raw.answers[0].field.line)
        options = self.raw.options
        ticked = {index for index, option in enumerate(options) if option.keyed}
        keys = ticked | {i for i, option in enumerate(options) if (option.weight or 0) > 0}
        if kind != "multiple" and len(ticked) > 1 and any(options[i].weight != 1 for i in ticked):
            self._doubt(ticked, "key-several")
        if any(marked_wrong(options[index]) for index in ticked):
            self._doubt(ticked, "key-marked-wrong")
        weights = [options[index].weight for index in ticked]
        if any(weight is not None and weight <= 0 for weight in weights):
            self._doubt(keys, "key-without-share")
        if self.doubt is not None:
            return "doubtful"
        if not keys:
            self._problem("warning", "key-missing", number=self.raw.number)
            return "missing"
        return "given"

    def _options(self, kind: Kind, key: KeyState) -> tuple[Option, ...]:
        raw = self.raw
        if kind in ("ordering", "matching"):
            if len(raw.ordered) + len(raw.pairs) < 2:
                self.problems.append(too_few(raw))
            share = 1 / len(raw.ordered) if raw.ordered and key == "given" else None
            return tuple(Option(text, share) for text in raw.ordered)
        if kind not in CHOICE:
            return ()
        self.problems += check_choices(raw)
        return choices(raw.options, key == "given")
