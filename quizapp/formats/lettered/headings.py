"""What other people's task lists carry besides: settings, `## 1. Qual…`, `- [x] B) …`."""

import re
from dataclasses import replace

from quizapp.formats.bank_raw import RawItem, RawOption
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.signs import opener_of, option_of
from quizapp.formats.model import Problem

# What another tool writes below a heading: settings between two rules.
_SETTINGS = re.compile(r"^---[ ]*\n(?:[a-z]+(?:_[a-z]+)+: .{0,200}\n){1,9}---[ ]*$", re.MULTILINE)


def without_settings(body: str) -> str:
    """The text with blank lines for the settings that another tool keeps below its headings."""
    return _SETTINGS.sub(lambda found: "\n" * found[0].count("\n"), body)


def without_numbers(
    found: tuple[str, list[RawItem], list[Problem]],
) -> tuple[str, list[RawItem], list[Problem]]:
    """The items with the numbers of their stems as numbers, and without letters at their options.

    Only where most stems have one, and all options of an item theirs: then they are no words.
    """
    title, items, problems = found
    openers = [None if item.given_id else opener_of(_heading(item.stem)) for item in items]
    if sum(opener is not None for opener in openers) * 2 > len(items):
        for item, opener in zip(items, openers, strict=True):
            if opener and opener.rest:
                _, newline, rest = item.stem.partition("\n")
                item.number, item.stem = opener.number, opener.rest + newline + rest
            elif opener and "\n" in item.stem:
                item.number, item.stem = opener.number, item.stem.partition("\n")[2].strip("\n")
    for item in items:
        item.options = _without_letters(item.options)
    return title, items, problems


def _heading(stem: str) -> Line:
    return Line(0, stem.partition("\n")[0])


def _without_letters(options: list[RawOption]) -> list[RawOption]:
    marks = [option_of(Line(0, option.text)) for option in options]
    letters = "".join(mark.letter for mark in marks if mark and mark.kind == "letter")
    if len(options) < 2 or letters != "ABCDEFGHIJKL"[: len(options)]:
        return options
    return [
        replace(option, text=mark.text) for option, mark in zip(options, marks, strict=True) if mark
    ]
