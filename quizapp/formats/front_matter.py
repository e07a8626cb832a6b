"""The block of `key: value` lines between two `---` at a file's top."""

import re
from dataclasses import dataclass, field
from datetime import date

import yaml

from quizapp.formats.model import Problem
from quizapp.formats.text import fold, normalise

DEFAULT_LANGUAGE = "pt-BR"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")

_KEYS = {
    "formato": "format",
    "format": "format",
    "id": "id",
    "titulo": "title",
    "title": "title",
    "idioma": "language",
    "language": "language",
    "vigencia": "in_force_from",
    "in_force_from": "in_force_from",
    "responsavel": "owner",
    "owner": "owner",
    "aprovado_por": "approved_by",
    "approved_by": "approved_by",
    "nota_minima": "cut_score",
    "cut_score": "cut_score",
    "lint": "lint",
    "carga_horaria": "hours",
    "hours": "hours",
    "validade": "validity",
    "validity": "validity",
    "avisos": "warnings",
    "warnings": "warnings",
    "filas": "queues",
    "queues": "queues",
    "ordem": "order",
    "order": "order",
}
_SEVERITIES = {
    "erro": "error",
    "aviso": "warning",
    "info": "info",
    "informacao": "info",
    "desligado": "off",
    "nao": "off",
    "error": "error",
    "warning": "warning",
    "off": "off",
}
_BLOCK = re.compile(r"---[ ]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ ]*(?:\n|$)")
_MAX_CHARS = 20_000
_MAX_DEPTH = 3
_BRAZILIAN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class FrontMatter:
    """What the front matter says, and the body below it with its first line's number."""

    body: str
    body_line: int = 1
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def get(self, key: str) -> str:
        """The value of a key by its English name, or an empty string."""
        return self.values.get(key, "")

    def line(self, key: str) -> int:
        """The line on which a key stands."""
        return self.lines.get(key, 1)


def split(text: str) -> FrontMatter | Problem:
    """The front matter and the rest; a problem where the block cannot be read."""
    block = _BLOCK.match(text[:_MAX_CHARS])
    if not block:
        return FrontMatter(text)
    try:
        loaded = _load(block["yaml"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        return Problem(line, column, "error", "front-matter-invalid")
    if loaded is not None and not isinstance(loaded, dict):
        return FrontMatter(text)  # A file that merely begins with a rule.
    return _front_matter(loaded or {}, block["yaml"], text, block.end())


def _load(source: str) -> object:
    """The YAML with every scalar as text; nesting and aliases, which can explode, are refused."""
    depth = 0
    for event in yaml.parse(source, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("nested or repeated values")
    return yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 - builds only text, lists, dicts


def _front_matter(loaded: dict[object, object], source: str, text: str, end: int) -> FrontMatter:
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    key_lines = _key_lines(source)
    for written, value in loaded.items():
        line = key_lines.get(str(written), 2)
        key = _KEYS.get(fold(str(written)).replace("-", "_").replace(" ", "_"))
        if key is None:
            args: dict[str, str | int] = {"key": str(written)}
            problems.append(Problem(line, 1, "info", "front-matter-unknown-key", args))
            continue
        lines[key] = line
        given = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        values[key] = normalise(given).strip()  # escapes can write what no text has
    body_line = text.count("\n", 0, end) + 1
    return FrontMatter(text[end:], body_line, values, lines, tuple(problems))


def _key_lines(source: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for number, line in enumerate(source.split("\n"), start=2):
        key, colon, _ = line.partition(":")
        if colon:
            lines.setdefault(key.strip().strip("\"'"), number)
    return lines


def block(**values: str | float | None) -> str:
    """The front matter that says these; what is nothing is left out."""
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    dumped = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=2**16)
    return f"---\n{dumped}---"


def is_id(text: str) -> bool:
    """Whether a text can be a document's or an item's id."""
    return bool(_ID.fullmatch(text))


def check_id(matter: FrontMatter) -> list[Problem]:
    """An error where the id given could not be cited."""
    given = matter.get("id")
    if not given or is_id(given):
        return []
    return [Problem(matter.line("id"), 1, "error", "id-invalid", {"id": given})]


def in_force_from(matter: FrontMatter) -> tuple[str | None, list[Problem]]:
    """The date of `vigencia`, given as ISO or dd/mm/yyyy, in ISO form."""
    given = matter.get("in_force_from")
    if not given:
        return None, []
    brazilian = _BRAZILIAN_DATE.fullmatch(given)
    try:
        if brazilian:
            day, month, year = map(int, brazilian.groups())
            return date(year, month, day).isoformat(), []
        return date.fromisoformat(given).isoformat(), []
    except ValueError:
        line = matter.line("in_force_from")
        return None, [Problem(line, 1, "error", "date-invalid", {"value": given})]


def cut_score(matter: FrontMatter) -> tuple[float | None, list[Problem]]:
    """The `nota_minima` in per cent, 0..100."""
    given = matter.get("cut_score")
    if not given:
        return None, []
    try:
        value = float(given.rstrip("% ").replace(",", "."))
    except ValueError:
        value = -1.0
    if 0 <= value <= 100:
        return value, []
    line = matter.line("cut_score")
    return None, [Problem(line, 1, "error", "cut-score-invalid", {"value": given})]


def lint(matter: FrontMatter) -> tuple[tuple[tuple[str, str], ...], list[Problem]]:
    """The severities of `lint`, by code: error, warning, info or off."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for part in filter(None, map(str.strip, matter.get("lint").split(","))):
        code, _, given = part.partition("=")
        severity = _SEVERITIES.get(fold(given))
        if severity and code.strip():
            found[code.strip()] = severity
        else:
            line = matter.line("lint")
            problems.append(Problem(line, 1, "warning", "lint-severity-unknown", {"value": part}))
    return tuple(found.items()), problems
