"""Logs for machines: one JSON line an event, without personal data, answers or secrets.

What a driver, a library or an error says may quote what a person typed. So an error is logged by
its type, its code and the lines of code it passed, and others' messages without their arguments.
"""

import json
import logging
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from flask import g, has_request_context

OURS = "quizapp."
_ROOTS = (str(Path(__file__).resolve().parent.parent), sysconfig.get_path("purelib"))


def begin(level: str, style: str) -> None:
    """Let this process log to standard error, in this style, from this level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines() if style == "text" else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    ours = logging.getLogger(OURS[:-1])
    ours.handlers.clear()
    ours.setLevel(level.upper())
    warnings.showwarning = show_warning


def show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Log a warning of Python's by its kind and place: its text may quote what it warns of."""
    place = f"{_short(filename)}:{lineno}"
    logging.getLogger(OURS + "logs").warning("%s at %s", category.__name__, place)


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record), ensure_ascii=False, default=str)


class Lines(logging.Formatter):
    """A record as a line to read, an error's way through the code below it."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        errors = facts.pop("errors", ())
        first = [facts.pop("time"), facts.pop("level").upper(), facts.pop("message")]
        lines = [" ".join([*first, *(f"{name}={value}" for name, value in facts.items())])]
        for error in errors:
            lines.append(f"  {error['type']} {error.get('code', '')}".rstrip())
            lines += [f"    {place}" for place in error["at"]]
        return "\n".join(lines)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What of a record is written: nothing that a person typed or that names one."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts: dict[str, Any] = {
        "time": at.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage() if record.name.startswith(OURS) else str(record.msg),
    }
    if has_request_context() and "request_id" in g:
        facts["id"] = g.request_id
    facts |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[1]:
        facts["errors"] = [_error(error) for error in _chain(record.exc_info[1])]
    return facts


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the first cause last."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _error(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    facts: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    # SQLite's, PostgreSQL's and the operating system's names for what happened.
    for name in ("sqlite_errorname", "sqlstate", "errno"):
        if code := getattr(error, name, None):
            facts["code"] = code
    facts["at"] = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return facts


def _short(filename: str) -> str:
    for root in _ROOTS:
        if filename.startswith(root):
            return filename[len(root) + 1 :]
    return filename.removeprefix(sys.prefix)
