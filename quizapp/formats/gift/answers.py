"""What stands between a question's braces, cut at its signs: `=`, `~`, `#`, `%50%`, `->`."""

import re
from dataclasses import dataclass

from quizapp.formats.amounts import share

# An `=` before a quote belongs to a tag: somebody forgot to escape it.
_SIGN = re.compile(r"""\\.|(?<=\w)=(?=["'])|([=~])""", re.DOTALL)
_FEEDBACK = re.compile(r"\\.|(#)", re.DOTALL)
_GENERAL = re.compile(r"\\.|(#{4,})", re.DOTALL)
_WEIGHT = re.compile(r"\s*%\s*([-+]?\d{1,4}(?:[.,]\d{1,12})?)\s*%")
_WEIGHT_TRIED = re.compile(r"\s*%\s*[-+]?\d")
_COLON = re.compile(r"\\.|(:)", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """What follows a sign ("" before the first one); `at` is its offset in the question's text."""

    sign: str
    text: str
    at: int


@dataclass(frozen=True)
class Entry(Piece):
    """An answer with its weight (-1..1) and feedback; `faulty` says that no weight can be read."""

    feedback: str
    weight: float | None
    faulty: bool


def split_general(answers: str) -> tuple[str, str]:
    """The answers without the feedback to the whole question, and that feedback."""
    if "####" not in answers:
        return answers, ""
    ends = [match.end() for match in _GENERAL.finditer(answers) if match[1]]
    if not ends:
        return answers, ""
    return answers[: ends[-1] - 4], answers[ends[-1] :]


def split_feedback(text: str) -> tuple[str, str]:
    """An answer's text, and its feedback behind the first `#`."""
    if "#" in text:
        for match in _FEEDBACK.finditer(text):
            if match[1]:
                return text[: match.start()], text[match.end() :]
    return text, ""


def pieces(answers: str, at: int) -> list[Piece]:
    """The answers cut at their signs; `at` is the offset of the first in the question's text."""
    signs = [match for match in _SIGN.finditer(answers) if match[1]]
    ends = [match.start() for match in signs[1:]] + [len(answers)]
    before = answers[: signs[0].start()] if signs else answers
    found = [Piece("", before.strip(), at)] if before.strip() else []
    for match, end in zip(signs, ends, strict=False):
        found.append(Piece(match[1], answers[match.end() : end].strip(), at + match.start()))
    return found


def entries(found: list[Piece]) -> list[Entry]:
    """The pieces as answers with a weight in front and feedback behind."""
    return [_entry(piece) for piece in found]


def _entry(piece: Piece) -> Entry:
    text, weight, faulty = piece.text, None, False
    if "%" in text:
        weight, faulty, text = _weighted(text)
    text, feedback = split_feedback(text)
    return Entry(piece.sign, text.strip(), piece.at, feedback.strip(), weight, faulty)


def _weighted(text: str) -> tuple[float | None, bool, str]:
    """The weight in front of an answer, whether it cannot be read, and the rest."""
    match = _WEIGHT.match(text)
    if match is None:
        return None, bool(_WEIGHT_TRIED.match(text)), text
    percent = float(match[1].replace(",", "."))
    return share(match[1]), abs(percent) > 100, text[match.end() :]


def unescaped(answers: str) -> list[int]:
    """The offsets of `=` within tags and of `:`, which ought to be escaped."""
    found: list[int] = []
    if '="' in answers or "='" in answers:
        found += [m.start() for m in _SIGN.finditer(answers) if m[0] == "=" and not m[1]]
    if ":" in answers:
        found += [m.start() for m in _COLON.finditer(answers) if m[1]]
    return sorted(found)
