"""What a text would become, as pages show it: problems, questions, sections."""

from dataclasses import dataclass, replace

from quizapp.content import items
from quizapp.content.messages import message
from quizapp.formats import model
from quizapp.items.kinds import SCORABLE
from quizapp.quiz import forms

MOST = 60  # questions or sections of one preview: more would make typing slow


@dataclass(frozen=True)
class Question:
    """An item as an agent will see it, and where it stands."""

    label: str
    uid: str
    line: int
    key: str
    scored: bool
    shown: forms.ShownItem


@dataclass(frozen=True)
class Preview:
    """What a document would be; `more` counts what is not shown."""

    problems: tuple[model.Problem, ...]
    questions: tuple[Question, ...] = ()
    sections: tuple[model.Section, ...] = ()
    more: int = 0

    def moved(self, lines: int) -> "Preview":
        """The same with every line so many further down."""
        return replace(
            self,
            problems=tuple(replace(p, line=max(1, p.line + lines)) for p in self.problems),
            questions=tuple(replace(q, line=max(1, q.line + lines)) for q in self.questions),
        )

    @staticmethod
    def message(problem: model.Problem) -> str:
        """A problem in the reader's language."""
        return message(problem)


def preview_of(document: model.Document, extra: tuple[model.Problem, ...] = ()) -> Preview:
    """The preview of a document; `extra` are what a lint found beside its own problems."""
    problems = tuple(sorted((*document.problems, *extra), key=lambda p: (p.line, p.column)))
    if isinstance(document, model.Bank):
        shown = document.items[:MOST]
        return Preview(
            problems,
            tuple(question(position, item) for position, item in enumerate(shown, start=1)),
            more=len(document.items) - len(shown),
        )
    if isinstance(document, model.Procedure):
        sections = document.sections[:MOST]
        return Preview(problems, sections=sections, more=len(document.sections) - len(sections))
    return Preview(problems)


def question(position: int, item: model.Item) -> Question:
    """An item as it would be asked; in the file's order, as no attempt has shuffled it."""
    content = items.content_of(item)
    count = len(content["rights"] if item.kind == "matching" else content["options"])
    key = {"given": "confirmed"}.get(item.key, item.key)
    return Question(
        item.number or str(position),
        item.id,
        item.line,
        key,
        item.kind in SCORABLE,
        forms.show(position, item.kind, content, range(count), None),
    )
