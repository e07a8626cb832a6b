"""Pasted questions become items, through the same rules as those of our own banks."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quizapp.formats.bank_fields import Field
from quizapp.formats.bank_items import Builder
from quizapp.formats.bank_keys import letter_of
from quizapp.formats.bank_raw import RawAnswer, RawItem, RawOption
from quizapp.formats.lettered.keys import Marks, is_bold, ticked
from quizapp.formats.lettered.labels import asks_for_several, asks_for_truth, asks_for_words
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.questions import Question
from quizapp.formats.lettered.runs import Choice
from quizapp.formats.lettered.signs import bold_text, right_text, truth_of_line
from quizapp.formats.lettered.texts import text_of
from quizapp.formats.lettered.values import truth_words, value_of
from quizapp.formats.model import Item, Problem

# Found by Builder too, but here the question is left out, or the bank says it of all items.
_SAID_ELSEWHERE = {
    "key-missing",
    "option-duplicate",
    "options-too-few",
    "option-empty",
    "stem-empty",
    "item-empty",
}
_MAX_ANSWER = 120


@dataclass
class Maker:
    """Makes the items of one file, whose options are all marked in one way."""

    marks: Marks
    language: str
    is_markdown: bool
    bold_stems: bool
    problems: list[Problem] = field(default_factory=list)

    def item(self, question: Question, place: int) -> Item:
        """The item of a question at its place in the file, from 1; "single" where it is none."""
        raw = RawItem(question.line, question.number or str(place), self._text(question.stem))
        if self.bold_stems:
            raw.stem = bold_text(raw.stem) or raw.stem
        raw.fields = list(question.fields)
        raw.category = "/".join(question.section)
        raw.explanation = self._text(question.explanation)
        statements = [] if question.choices else self._statements(question)
        if len(statements) > 1:
            self._judge(raw, question, statements)
        elif question.choices:
            is_heavy = all(is_bold(choice.mark.text) for choice in question.choices)
            strip_bold = is_heavy or self.marks.by_bold
            raw.options = [self._option(choice, strip_bold) for choice in question.choices]
            self._take_keys(raw, question)
            _spell_out(raw.options)
        else:
            self._take_answer(raw, question)
        builder = Builder(raw, self.language)
        item = builder.build("")
        for problem in builder.problems:
            if problem.code not in _SAID_ELSEWHERE:
                severity = "warning" if problem.severity == "error" else problem.severity
                self.problems.append(replace(problem, severity=severity))
        return replace(item, kind="single") if item.kind == "description" else item

    def _text(self, lines: Iterable[Line]) -> str:
        return text_of(list(lines), self.is_markdown)

    def _option(self, choice: Choice, strip_bold: bool) -> RawOption:
        first = choice.lines[0]
        text, _ = right_text(first.text)
        if strip_bold:
            text = bold_text(text) or text
        quotes = (line.with_text(line.text.removeprefix(">").strip()) for line in choice.feedback)
        return RawOption(
            text=self._text([first.with_text(text), *choice.lines[1:]]),
            line=first.number,
            feedback=self._text(quotes),
        )

    def _take_keys(self, raw: RawItem, question: Question) -> None:
        """Tick what the marks and key lines say; where they differ, nobody knows."""
        ticks = ticked(question, self.marks)
        texts = [option.text for option in raw.options]
        said: list[set[int]] = []
        for key in filter(lambda key: key.value, question.keys):
            value = value_of(key.value, texts)
            if value is None:
                self._warn(key.line, "key-unread", number=raw.number, text=key.value[:80])
                raw.doubt = raw.doubt or ()
                continue
            said.append(set(value.meant.indices))
            if not value.meant.sure:
                self._warn(key.line, "key-unsure", number=raw.number, text=key.value[:80])
                raw.doubt = raw.doubt or ()
            if value.is_row:
                raw.fields.append(Field("type", "multiple", key.line))
            if value.rest:
                raw.explanation = "\n\n".join(filter(None, (value.rest, raw.explanation)))
        takes_several = asks_for_several(raw.stem) or any(
            found.name == "type" and found.value == "multiple" for found in raw.fields
        )
        whole = set().union(*said)
        differ = any(key != whole for key in said) and not takes_several
        if raw.doubt is None and (differ or (ticks and said and ticks != whole)):
            self._doubt(raw, whole | ticks, "key-disagrees")
        is_weak = not any(choice.mark.ticked for choice in question.choices)
        if raw.doubt is None and len(ticks) > 1 and is_weak and not said and not takes_several:
            self._doubt(raw, ticks, "key-several")
        if raw.doubt is not None:
            raw.doubt = tuple(sorted(whole | ticks))
        for index in whole | ticks:
            raw.options[index].keyed = True
        is_open = not any(choice.mark.letter for choice in question.choices)
        if is_open and not whole | ticks and asks_for_truth(raw.stem) and len(texts) > 2:
            raw.fields.append(Field("type", "multiple", raw.line))

    def _doubt(self, raw: RawItem, indices: set[int], code: str) -> None:
        raw.doubt = ()
        hints = ", ".join(letter_of(index) for index in sorted(indices))
        self._warn(raw.line, code, number=raw.number, options=hints)

    def _warn(self, line: int, code: str, **args: str | int) -> None:
        self.problems.append(Problem(line, 1, "warning", code, args))

    def _statements(self, question: Question) -> list[tuple[Line, str, str]]:
        """The lines of a stem that are judged one by one: `(V) …`, `( ) …`."""
        found = [(line, truth_of_line(line.text)) for line in question.stem[1:]]
        return [(line, *truth) for line, truth in found if truth and not line.is_code]

    def _judge(
        self, raw: RawItem, question: Question, statements: list[tuple[Line, str, str]]
    ) -> None:
        """Statements below a stem are its options: those that are true are right."""
        judged = {line.number for line, _, _ in statements}
        raw.stem = self._text(line for line in question.stem if line.number not in judged)
        raw.options = [
            RawOption(self._text([line.with_text(text)]), line.number, letter in ("V", "C"))
            for line, text, letter in statements
        ]
        raw.fields.append(Field("type", "multiple", raw.line))
        for key in filter(lambda key: key.value, question.keys):
            value = value_of(key.value, [option.text for option in raw.options])
            ticks = {index for index, option in enumerate(raw.options) if option.keyed}
            if value is None:
                self._warn(key.line, "key-unread", number=raw.number, text=key.value[:80])
                raw.doubt = raw.doubt or ()
            elif ticks and ticks != set(value.meant.indices):
                self._doubt(raw, ticks | set(value.meant.indices), "key-disagrees")
            for index in value.meant.indices if value else ():
                raw.options[index].keyed = True

    def _take_answer(self, raw: RawItem, question: Question) -> None:
        """A question without options: a statement to judge, a short answer, or an essay."""
        truth = truth_of_line(raw.stem) if "\n" not in raw.stem else None
        said = [key.value for key in question.keys if key.value]
        said += [truth[1]] if truth and truth[1] else []
        words = [found for value in said if (found := truth_words(value))]
        if words or truth:
            right, wrong, _ = words[0] if words else ("Verdadeiro", "Falso", True)
            raw.stem = truth[0] if truth else raw.stem
            raw.options = [RawOption(right, raw.line), RawOption(wrong, raw.line)]
            for _, _, is_true in words:
                raw.options[0 if is_true else 1].keyed = True
            if all(option.keyed for option in raw.options):
                self._doubt(raw, {0, 1}, "key-disagrees")
                raw.doubt = (0, 1)
        elif said and len(said[0]) <= _MAX_ANSWER and not asks_for_words(raw.stem.replace("?", "")):
            for value in said:
                raw.answers.append(RawAnswer(Field("answer", value.strip("*_ "), raw.line)))
        elif said or asks_for_words(raw.stem):
            raw.explanation = "\n\n".join(filter(None, (*said, raw.explanation)))
            raw.fields.append(Field("type", "essay", raw.line))


def _spell_out(options: list[RawOption]) -> None:
    """Write V and F, or C and E, as words where they are all there is to choose."""
    words = {"V": "Verdadeiro", "F": "Falso", "C": "Certo", "E": "Errado"}
    if {option.text for option in options} in ({"V", "F"}, {"C", "E"}):
        for option in options:
            option.text = words[option.text]
