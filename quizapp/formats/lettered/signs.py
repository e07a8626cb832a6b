"""The signs of a pasted question: its number, its options, and what marks the right one."""

import re
from dataclasses import dataclass
from typing import Literal

from quizapp.formats.lettered.lines import Line

OptionKind = Literal["letter", "box", "bullet", "number"]

_OPENER = re.compile(
    r"(?P<hash>#{1,6}\s+)?(?P<bold>\*{1,3}|__)?"
    r"(?:(?P<word>quest[ãa]o|pergunta|question|quest\.|exerc[íi]cio|item|[qp](?=[. ]?\d))[. ]?\s*"
    r"(?:n[º°o.]{1,2}\s*)?)?"
    r"(?P<number>\d{1,4})"
    r"(?P<end>\s?[.):ºª°]{1,2}(?=[\s*_]|$)|\s?[-–—](?=[\s*_]|$)|[.)](?=[A-ZÀ-Ý(\"“])|(?=\*|\s?\(|\s*$))"
    r"(?P<after>\*{1,3}|__)?\s?[-–—:.]?(?:(?<=[*_])[:.]?)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_BULLET = r"(?:(?P<bullet>[-*+•·▪●○◦‣–])\s+)?"
_SQUARE = r"\[\s?[xX✓✔]?\s?\](?!\()"
_BOX = rf"(?P<box>{_SQUARE}|\(\s{{0,3}}[xX✓✔*]?\s{{0,3}}\))"
_TICKS = "✅✔☑🟢🔘"
_CROSSES = "❌✗✘✖☐⬜🔴⚪◻"
_SIGN = rf"(?P<sign>[{_TICKS}{_CROSSES}])\ufe0f?"
_LETTER = (
    r"(?P<bold>\*{1,3}|__)?(?:\((?P<round>[A-La-l])\)|\[(?P<square>[A-La-l])\](?![(:])"
    r"|(?P<bare>[A-La-l])"
    r"(?:[)]|[.:](?=[\s*_]|$)|\s?[-–—](?=[\s*_]|$)|(?=\s+\(\s{0,3}[xX]?\s{0,3}\))))"
    r"(?P<after>\*{1,3}|__)?\s*"
)
_LETTERED = re.compile(rf"{_BULLET}(?P<mark>[=+>→»]|\*(?!\*))?\s?{_LETTER}(?P<rest>.*)", re.DOTALL)
_BOXED = re.compile(
    rf"{_BULLET}(?:\d{{1,2}}[.)]\s+(?={_SQUARE}))?(?:{_BOX}|{_SIGN})\s*(?P<rest>.*)", re.DOTALL
)
_BOX_BEHIND = re.compile(rf"{_BOX}\s*(?P<rest>.*)", re.DOTALL)
_BULLETED = re.compile(r"(?:[-*+•·▪●○◦‣–]|(?P<number>\d{1,2})[.)])\s+(?P<rest>\S.*)", re.DOTALL)
_TRUTH_BOX = re.compile(r"(?:[-*+•]\s+)?\(\s{0,3}(?P<truth>[VFCEvfce]?)\s{0,3}\)\s*(?P<rest>\S.*)")
_TRUTH_BEHIND = re.compile(r"(?P<rest>.*\S)\s*[\[(]\s?(?P<truth>[VFCE])\s?[\])][.]?")

_RIGHT = (
    r"(?:a |é a |esta é a |essa é a )?(?:resposta |alternativa |op[çc][ãa]o )?"
    r"(?:corret[ao]|cert[ao]|correct(?: answer)?|right(?: answer)?|gabarito|resposta)"
)
_SAYS_RIGHT = re.compile(
    rf"\s*[*_]{{0,3}}(?:[(\[{{]\s?{_RIGHT}\s?!?\s?[)\]}}]|(?:<[-=]+|←|⬅\ufe0f?|👈)\s*(?:{_RIGHT})?"
    rf"|[{_TICKS}✓]\ufe0f?|[-–—]\s{_RIGHT}!?)\s*[*_]{{0,3}}$",
    re.IGNORECASE,
)
_SAYS_WRONG = re.compile(rf"\s*[{_CROSSES}]\ufe0f?\s*$")
_WHOLE_BOLD = re.compile(r"(\*{1,3}|__)(?=\S)(?P<text>.*\S)\1[.;,]?", re.DOTALL)


@dataclass(frozen=True)
class Opener:
    """A question's number and what follows it.

    The level is higher the less else is written like that: 1 for a bare number, 2 for that of a
    heading, 3 for a word such as “Questão” before it.
    """

    number: str
    rest: str
    level: int


@dataclass(frozen=True)
class Mark:
    """The mark of an option, and its text; `ticked` is None where the mark says nothing.

    `prefix` is a sign before the letter, which says something where only one option has it;
    `is_sign` says that the option has no letter or box, but ✅ or ❌.
    """

    kind: OptionKind
    letter: str
    text: str
    ticked: bool | None = None
    prefix: str = ""
    is_sign: bool = False


def opener_of(line: Line) -> Opener | None:
    """The number that opens a question: `1.`, `**2)**`, `## 3.`, `Questão 4 -`, `Q5:`, or alone."""
    match = None if line.is_code else _OPENER.match(line.text)
    if not match:
        return None
    rest = match["rest"]
    level = 3 if match["word"] else 2 if match["hash"] else 1
    if level == 1 and not match["end"].strip() and rest and not match["after"]:
        return None
    if match["bold"] and not match["after"]:
        rest = without_closing(rest, match["bold"])
    return Opener(str(int(match["number"])), rest.strip(), level)


def without_closing(text: str, bold: str) -> str:
    """The text without the end of an emphasis that began before it."""
    if text.count(bold) % 2:
        before, _, after = text.rpartition(bold)
        return before + after
    return text


def heading_of(line: Line) -> tuple[int, str] | None:
    """A heading's level and text."""
    match = None if line.is_code else _HEADING.match(line.text)
    return (len(match[1]), match[2]) if match else None


def option_of(line: Line) -> Mark | None:
    """The option that a line begins, if it has a letter, a box or a sign."""
    if line.is_code:
        return None
    ticked: bool | None = None
    if boxed := _BOXED.match(line.text):
        ticked = _is_ticked(boxed["box"], boxed["sign"])
        inner = _LETTERED.match(boxed["rest"])
        letter = _letter(inner) if inner and not inner["bullet"] else ""
        text = _lettered_text(inner) if inner and letter else boxed["rest"]
        return Mark("box", letter, text, ticked, is_sign=bool(boxed["sign"]))
    match = _LETTERED.match(line.text)
    if not match or not (match["rest"] or match["bullet"] or match["bare"] or match["round"]):
        return None
    text = _lettered_text(match)
    prefix = match["mark"] or match["bullet"] or ""
    if prefix == "*" and match["mark"] and text.count("*") % 2:
        text, prefix = f"*{text}", ""  # an emphasis that began before the letter
    if behind := _BOX_BEHIND.match(text):
        ticked, text = _is_ticked(behind["box"], None), behind["rest"]
    return Mark("letter", _letter(match), text, ticked, prefix)


def _is_ticked(box: str | None, sign: str | None) -> bool:
    return any(c in _TICKS or c in "xX✓*" for c in (box or "") + (sign or ""))


def _letter(match: re.Match[str]) -> str:
    return (match["round"] or match["square"] or match["bare"]).upper()


def _lettered_text(match: re.Match[str]) -> str:
    """The text behind a letter; an emphasis that began before the letter goes on in it."""
    rest = match["rest"]
    if match["bold"] and not match["after"]:
        return match["bold"] + rest if rest.count(match["bold"]) % 2 else rest
    if match["after"] and not match["bold"]:
        return match["after"] + rest
    return rest


def bullet_of(line: Line) -> Mark | None:
    """The option that a plain bullet, or an indented number, may begin."""
    match = None if line.is_code or line.is_rule else _BULLETED.match(line.text)
    if not match or (match["number"] and not line.indent):
        return None
    return Mark("number" if match["number"] else "bullet", match["number"] or "", match["rest"])


def truth_of_line(text: str) -> tuple[str, str] | None:
    """A statement's text and the V, F, C or E in the parentheses before or behind it."""
    match = _TRUTH_BOX.fullmatch(text) or _TRUTH_BEHIND.fullmatch(text)
    return (match["rest"], match["truth"].upper()) if match else None


def right_text(text: str) -> tuple[str, bool | None]:
    """An option's text without the words or sign that say it is right or wrong, and which."""
    first, newline, rest = text.partition("\n")
    for pattern, meaning in ((_SAYS_RIGHT, True), (_SAYS_WRONG, False)):
        if match := pattern.search(first[-80:]):
            cut = len(first) - len(first[-80:]) + match.start()
            return first[:cut].rstrip() + newline + rest, meaning
    return text, None


def bold_text(text: str) -> str | None:
    """The text inside of an emphasis that is all of it."""
    match = _WHOLE_BOLD.fullmatch(text.strip())
    return match["text"] if match and match[1] not in match["text"] else None
