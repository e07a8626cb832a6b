"""Answers to choose from, to put in order or to match, as a GIFT file has them."""

import re

from quizapp.formats.gift.answers import Entry, Piece, split_feedback
from quizapp.formats.gift.findings import Fault, Findings, Parts
from quizapp.formats.model import Option
from quizapp.formats.text import collapse
from quizapp.items.kinds import Kind

ARROW = "->"
_LINE = re.compile(r"[^\n]+")
# The settings of Moodle's ordering, and those among them that ask for what is done here anyway.
_SETTING = re.compile(
    r"\s*([0-9]{1,3}|ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG|HORIZONTAL|HORI|H|VERTICAL|VERT|V"
    r"|ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_[A-Z_]+|RELATIVE|LONGEST_[A-Z_]+"
    r"|SHOW|TRUE|YES|HIDE|FALSE|NO|none|abc|ABCD|123|iii|IIII)(?=\s|$)"
)
_AS_HERE = {"ALL", "EXACT", "VERTICAL", "VERT", "V", "ALL_OR_NOTHING", "SHOW", "TRUE", "YES", "1"}


def choice(found: Findings, answers: list[Entry]) -> Parts:
    """Options of which one is right (`=`), or several by their weights (`~%50%`)."""
    fractions = _fractions(answers)
    right = tuple(place for place, fraction in enumerate(fractions) if fraction > 0)
    whole = [answers[i] for i in right if answers[i].sign == "=" and fractions[i] == 1]
    faulty = [entry for entry in answers if entry.faulty]
    for entry in faulty:
        found.say(entry.at, "gift-weight", text=_shown(entry))
    if len(whole) > 1 and not faulty:
        found.say(whole[1].at, "gift-several-right")
    options = tuple(
        Option(
            found.markdown(entry.text, entry.at),
            fraction if right and not faulty else None,
            found.markdown(entry.feedback, entry.at),
        )
        for entry, fraction in zip(answers, fractions, strict=True)
    )
    kind: Kind = "single" if whole or not right else "multiple"
    if faulty:
        return Parts(kind, "doubtful", options, doubt=right)
    return Parts(kind, "given" if right else "missing", options)


def _fractions(answers: list[Entry]) -> list[float]:
    """What each option earns; several of 100% without a single right one (`=`) share the whole."""
    found = [_fraction(entry) for entry in answers]
    right = [fraction for fraction in found if fraction > 0]
    if len(right) > 1 and set(right) == {1.0} and all(entry.sign != "=" for entry in answers):
        return [1 / len(right) if fraction > 0 else fraction for fraction in found]
    return found


def _fraction(entry: Entry) -> float:
    if entry.weight is not None:
        return entry.weight
    return 1.0 if entry.sign == "=" else 0.0


def _shown(piece: Piece) -> str:
    return collapse(piece.text)[:40] or piece.sign


def true_false(
    found: Findings, names: tuple[str, str], is_true: bool, feedback: str, at: int
) -> Parts:
    """True and false by their names, with what is said to the wrong and to the right answer."""
    wrong, right = (found.markdown(text, at) for text in split_feedback(feedback))
    said = (right, wrong) if is_true else (wrong, right)
    return Parts(
        "true_false",
        options=(
            Option(names[0], 1.0 if is_true else 0.0, said[0]),
            Option(names[1], 0.0 if is_true else 1.0, said[1]),
        ),
    )


def matching(found: Findings, answers: list[Piece]) -> Parts:
    """Pairs; one without a left side is a distractor."""
    pairs = []
    for piece in answers:
        left, arrow, right = piece.text.partition(ARROW)
        if not arrow or not right.strip():
            raise Fault(piece.at, "gift-pair", text=_shown(piece))
        pairs.append((found.markdown(left, piece.at), found.markdown(right, piece.at)))
    return Parts("matching", pairs=tuple(pairs))


def ordering(found: Findings, answers: str, at: int) -> Parts:
    """Moodle's ordering: settings on the first line, then an entry a line, in the right order."""
    first, newline, rest = answers.partition("\n")
    settings, end = [], 0
    while setting := _SETTING.match(first, end):
        settings.append(setting[1])
        end = setting.end()
    lines = [line.strip() for line in _LINE.findall(first[end:] + newline + rest)]
    texts = [found.markdown(line, at) for line in lines if line]
    asked = int(settings[0]) if settings and settings[0].isdecimal() else len(texts)
    if asked < len(texts) or not _AS_HERE.issuperset(settings[1:]):
        found.say(at, "gift-ordering", "info", settings=" ".join(settings)[:80])
    return Parts("ordering", options=tuple(Option(text, 1 / len(texts)) for text in texts))
