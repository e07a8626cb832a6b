"""How long options are, and how many."""

from collections.abc import Iterator

from quizapp.items.lint.model import Flaw
from quizapp.items.lint.view import View
from quizapp.items.lint.words import words_of

# A key shorter than this is a name or a number, whose length tells nobody anything.
_MIN_CHARACTERS = 20
_MIN_WORDS = 3
_MIN_DIFFERENCE = 10
ENOUGH_OPTIONS = 3
_EITHER = words_of(
    "verdadeiro falso verdadeira falsa certo errado correto incorreto sim nao v f c e"
    " true false yes no t right wrong"
)


def key_longest(view: View) -> Iterator[Flaw]:
    """A key that is longer than every distractor by half or more."""
    distractors = view.distractors
    if len(distractors) < 2 or any(option.is_code for option in view.options):
        return
    if not view.about_others.isdisjoint(view.keys):
        return
    shortest_key = min(view.keys, key=lambda place: len(view.options[place].plain))
    key = view.options[shortest_key]
    length = len(key.plain)
    longest = max(len(view.options[place].plain) for place in distractors)
    if (
        length >= _MIN_CHARACTERS
        and len(key.words) >= _MIN_WORDS
        and 2 * length >= 3 * longest
        and length - longest >= _MIN_DIFFERENCE
    ):
        yield Flaw("key-longest", shortest_key, {"key": length, "longest": longest})


def few_options(view: View) -> Iterator[Flaw]:
    """Fewer than three options, save where there are but two answers: yes and no."""
    count = len(view.options)
    if count < ENOUGH_OPTIONS and not is_either(view):
        yield Flaw("few-options", None, {"options": count})


def is_either(view: View) -> bool:
    """Whether the options are yes and no, or true and false."""
    return len(view.options) == 2 and all(o.folded.strip(" .") in _EITHER for o in view.options)


def no_distractor(view: View) -> Iterator[Flaw]:
    """Every option is right: who ticks all of them knows nothing by it."""
    if len(view.keys) > 1 and not view.distractors:
        yield Flaw("no-distractor", None, {"options": len(view.keys)})
