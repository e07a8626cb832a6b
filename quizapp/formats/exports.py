"""The formats that a bank can be written in."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.formats.gift.writer import write_gift
from quizapp.formats.json_out import write_json
from quizapp.formats.model import Bank, Problem
from quizapp.formats.moodle.writer import write_moodle
from quizapp.formats.qti.writer import write_package
from quizapp.formats.tables.writer import write_csv
from quizapp.formats.writer import write_markdown


@dataclass(frozen=True)
class Export:
    """A format: its file's ending and media type, and what writes it and says what is lost."""

    ending: str
    mime: str
    write: Callable[[Bank], tuple[bytes, list[Problem]]]


def _markdown(bank: Bank) -> tuple[bytes, list[Problem]]:
    text = bank.source if bank.format == "native" and bank.source else write_markdown(bank)
    return text.encode(), []


def _gift(bank: Bank) -> tuple[bytes, list[Problem]]:
    text, problems = write_gift(bank)
    return text.encode(), problems


EXPORTS: dict[str, Export] = {
    "markdown": Export(".md", "text/markdown; charset=utf-8", _markdown),
    "gift": Export(".gift", "text/plain; charset=utf-8", _gift),
    "moodle": Export(".xml", "application/xml", write_moodle),
    "qti": Export(".zip", "application/zip", write_package),
    "csv": Export(".csv", "text/csv; charset=utf-8", write_csv),
    "json": Export(".json", "application/json", write_json),
}
