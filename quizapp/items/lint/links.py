"""What an item rests on: an explanation, and the section it was made of."""

from collections.abc import Callable, Iterator

from quizapp.items.kinds import SCORABLE
from quizapp.items.lint.model import Flaw, Question

Known = Callable[[str], bool]


def links(question: Question, known: Known | None) -> Iterator[Flaw]:
    """No explanation, no section cited, or one that is gone."""
    if question.kind not in SCORABLE:
        return
    if not question.explanation.strip():
        yield Flaw("no-explanation")
    if not question.sources:
        yield Flaw("no-source")
    for source in question.sources:
        if known and not known(source):
            yield Flaw("source-gone", None, {"source": source})
