"""The lines of a pasted text sorted into questions, and what belongs to none."""

from dataclasses import dataclass, field, replace

from quizapp.formats.bank_fields import DIFFICULTIES, Field, field_of
from quizapp.formats.lettered.keylists import KeyList, key_lists
from quizapp.formats.lettered.labels import explanation_of, key_of, level_of, remark_of
from quizapp.formats.lettered.lines import Line, lines_of
from quizapp.formats.lettered.openers import Start, starts_of
from quizapp.formats.lettered.runs import Choice, Run, runs_of
from quizapp.formats.lettered.signs import heading_of
from quizapp.formats.lettered.values import truth_words, value_of
from quizapp.formats.text import fold
from quizapp.formats.titles import heading_text, title_like

_FIELDS = {"source", "competencies", "tags", "use", "type", "name", "category"}


@dataclass
class Said:
    """What a line says the key is."""

    value: str
    line: int


@dataclass
class Question:
    """What stands in the file for one question; `section` is the path of headings above it."""

    number: str
    line: int
    section: tuple[str, ...] = ()
    stem: list[Line] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    keys: list[Said] = field(default_factory=list)
    explanation: list[Line] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    size: int = 0


@dataclass
class Pasted:
    """A text in its parts.

    Key lists come with the number of questions before them; `outside` has the lines that belong
    to no question, `size` counts all lines.
    """

    title: str
    questions: list[Question]
    key_lists: list[tuple[KeyList, int]]
    outside: list[Line]
    size: int


def sorted_out(body: str, first: int, with_bullets: bool = False) -> Pasted:
    """The parts of a text; plain bullets are options only where that is asked for."""
    lines = lines_of(body, first)
    lists = key_lists(lines)
    taken = {place for listed in lists for place in range(listed.start, listed.end)}
    runs = [run for run in runs_of(lines, with_bullets) if run.start not in taken]
    starts = starts_of(lines, runs, taken)
    title, place = _title(lines, starts)
    sorter = _Sorter(lines, taken, {run.start: run for run in runs})
    sorter.pass_over(place, starts[0].place if starts else len(lines))
    ends = [*(start.place for start in starts[1:]), len(lines)]
    for start, end in zip(starts, ends, strict=False):
        sorter.take(start, end)
    questions = _merged(sorter.questions)
    sorter.outside += _farewell(questions)
    found: list[tuple[KeyList, int]] = []
    for listed in lists:
        line = lines[listed.start].number
        found.append((listed, sum(question.line < line for question in questions)))
    return Pasted(title, questions, found, sorter.outside, len(lines) - len(taken))


def _merged(questions: list[Question]) -> list[Question]:
    """The questions, with what a later part of the text says of them under their numbers."""
    kept: list[Question] = []
    open_: dict[str, Question] = {}
    for question in questions:
        asked = open_.get(question.number) if question.number else None
        if asked and not question.choices and question.keys:
            asked.keys += question.keys
            asked.explanation += [*question.stem, *question.explanation]
            asked.size += question.size
            del open_[question.number]
            continue
        kept.append(question)
        if question.choices and not question.keys:
            open_[question.number] = question
    return kept


def _farewell(questions: list[Question]) -> list[Line]:
    """What stands below the last question and is no explanation, as no other question has any."""
    *others, last = questions or [Question("", 0)]
    if not others or any(question.explanation for question in others):
        return []
    if not last.explanation or not last.explanation[0].gap:
        return []
    lines, last.explanation = last.explanation, []
    last.size -= len(lines)
    return lines


def _title(lines: list[Line], starts: list[Start]) -> tuple[str, int]:
    """The title before the first question, and the line after it."""
    first = starts[0].place if starts else len(lines)
    for place in range(min(first, len(lines))):
        heading = heading_of(lines[place])
        below = lines[place + 1] if place + 1 < len(lines) else None
        text = below.text if below and not below.gap else ""
        if heading and (place == 0 or heading[0] == 1):
            return heading_text(heading[1]), place + 1 if place == 0 else 0
        if place == 0 and not lines[0].is_code and title_like(lines[0].text, text):
            return heading_text(lines[0].text), 1
    return "", 0


@dataclass
class _Sorter:
    """Goes through the lines once; `path` has the headings that stand above."""

    lines: list[Line]
    taken: set[int]
    runs: dict[int, Run]
    questions: list[Question] = field(default_factory=list)
    outside: list[Line] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    state: str = "closed"

    def pass_over(self, start: int, end: int) -> None:
        """Lines that belong to no question."""
        for place in range(start, end):
            if place not in self.taken:
                self._leave(self.lines[place])

    def _leave(self, line: Line) -> None:
        heading = heading_of(line)
        if heading:
            self.path = [entry for entry in self.path if entry[0] < heading[0]]
            self.path.append((heading[0], heading_text(heading[1])))
        elif not line.is_rule:
            self.outside.append(line)

    def take(self, start: Start, end: int) -> None:
        """The lines of one question, from its start to before the end."""
        place = start.place
        number = self.lines[min(place, len(self.lines) - 1)].number
        question = Question(start.number, number, tuple(text for _, text in self.path))
        self.questions.append(question)
        self.state = "stem"
        if start.text is not None:
            if start.text:
                question.stem.append(self.lines[place].with_text(start.text))
            place += 1
            question.size += 1
        while place < end:
            run = self.runs.get(place)
            if run:
                question.choices = run.choices
                question.size += run.end - run.start
                self.state = "options"
                place = run.end
                continue
            if place not in self.taken:
                before = len(self.outside)
                self._sort(question, self.lines[place])
                question.size += len(self.outside) == before
            else:
                self.state = "closed"
            place += 1

    def _sort(self, question: Question, line: Line) -> None:
        said, explained = key_of(line), explanation_of(line)
        if self.state == "closed":
            self._leave(line)
        elif question.choices and (remark := remark_of(line)):
            self._remark(question, line, *remark)
        elif said is not None and (self.state != "explanation" or self._is_key(question, said)):
            question.keys.append(Said(said, line.number))
            self.state = "key"
        elif explained or (explained is not None and self.state != "stem"):
            self.state = "explanation"
            if explained:
                question.explanation.append(replace(line, text=explained, gap=False))
        elif self._takes_value(question, line):
            question.keys[-1].value = line.text
        elif (heading_of(line) and question.stem) or (line.is_rule and self.state != "stem"):
            self.state = "closed"
            self._leave(line)
        elif found := self._field(line):
            question.fields.append(found)
        elif self.state == "stem":
            if not line.is_rule:
                question.stem.append(line)
        elif self.state in ("key", "explanation") or line.text.startswith(">"):
            question.explanation.append(line.with_text(line.text.removeprefix(">").strip()))
        else:
            self.outside.append(line)

    def _remark(self, question: Question, line: Line, letter: str, text: str) -> None:
        """What is said of one option is its feedback."""
        place = ord(letter) - ord("A")
        if place < len(question.choices):
            question.choices[place].feedback.append(line.with_text(text))
        else:
            question.explanation.append(line)

    def _is_key(self, question: Question, said: str) -> bool:
        return value_of(said, [choice.mark.text for choice in question.choices]) is not None

    def _takes_value(self, question: Question, line: Line) -> bool:
        """Whether a line says what a label alone above it announced."""
        if self.state != "key" or not question.keys or question.keys[-1].value or line.is_code:
            return False
        is_truth = not question.choices and truth_words(line.text) is not None
        return is_truth or self._is_key(question, line.text)

    def _field(self, line: Line) -> Field | None:
        level = level_of(line)
        if fold(level) in DIFFICULTIES:
            return Field("difficulty", level, line.number)
        found = None if line.is_code else field_of(line.text, line.number)
        if not found or found.name not in _FIELDS or not found.value:
            return None
        # “Fonte: manual do fabricante” is a remark, not a citation of ours.
        return found if found.name != "source" or "#" in found.value else None
