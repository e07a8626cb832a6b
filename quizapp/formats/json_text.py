"""JSON taken strictly: no name twice, no NaN, no NUL, no depths; and the lines of its values."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.formats.model import Problem

MAX_DEPTH = 32

_STRING = r'"(?:[^"\\]|\\.)*+"'
_SIGN = re.compile(rf'{_STRING}|[\[\]{{}}"]|NaN|Infinity', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:"]+', re.DOTALL)


class _Twice(ValueError):
    """An object has a name twice."""


@dataclass
class _Frame:
    """An object or a list that is open while the text is walked."""

    path: str
    is_list: bool
    index: int = 0
    name: str | None = None
    names: set[str] = field(default_factory=set)

    def place(self) -> str:
        """The path of the value that stands here."""
        if self.is_list:
            return f"{self.path}[{self.index}]"
        return f"{self.path}.{self.name}" if self.path else str(self.name)


def parse_json(text: str) -> object | Problem:
    """What a text of JSON holds, or where and why it is not read."""
    if nul := _NUL.search(text):  # no text has that character
        return _at(text, nul.start(), "json-invalid", {})
    depth = 0
    for match in _SIGN.finditer(text):
        sign = match[0]
        if sign == '"':
            break  # a text that does not end, which no other can follow
        depth += (sign in "[{") - (sign in "]}")
        if depth > MAX_DEPTH:
            args: dict[str, str | int] = {"depth": MAX_DEPTH}
            return _at(text, match.start(), "json-too-deep", args)
        if sign in ("NaN", "Infinity"):
            return _at(text, match.start(), "json-invalid", {})
    try:
        value: object = json.loads(text, object_pairs_hook=_unique)
        if half := _SURROGATE.search(text):
            place = half.start()
            json.dumps(value, ensure_ascii=False).encode()
    except _Twice:
        path, line = next((path, line) for path, line, twice in _walk(text) if twice)
        return Problem(line, 1, "error", "json-twice", {"path": path})
    except UnicodeEncodeError:  # half of a character
        return _at(text, place, "json-invalid", {})
    except json.JSONDecodeError as error:
        return Problem(error.lineno, error.colno, "error", "json-invalid")
    except ValueError:  # a number of more digits than Python reads
        return Problem(1, 1, "error", "json-invalid")
    return value


def lines_of(text: str, paths: set[str]) -> dict[str, int]:
    """The lines on which the values at some paths begin, such as `items[3].stem`."""
    return {path: line for path, line, _ in _walk(text) if path in paths} if paths else {}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _at(text: str, position: int, code: str, args: dict[str, str | int]) -> Problem:
    line = text.count("\n", 0, position) + 1
    return Problem(line, position - text.rfind("\n", 0, position), "error", code, args)


def _walk(text: str) -> Iterator[tuple[str, int, bool]]:
    """Path and line of each value, in order, and whether its name stood there before."""
    frames: list[_Frame] = []
    line, position, twice = 1, 0, False
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        sign, frame = match[0], frames[-1] if frames else None
        if sign in "]}":
            frames.pop()
        elif sign == ",":
            if frame:
                frame.index += 1
                frame.name = None
        elif sign != ":" and frame and not frame.is_list and frame.name is None:
            frame.name = str(json.loads(sign))
            twice = frame.name in frame.names
            frame.names.add(frame.name)
        elif sign != ":":
            path = frame.place() if frame else ""
            yield path, line, twice
            twice = False
            if sign in "[{":
                frames.append(_Frame(path, sign == "["))
