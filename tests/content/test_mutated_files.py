"""Ten thousand spoilt files of every format: no exception, and what is refused changes nothing."""

import random
from functools import cache

import pytest

from quizapp import clock
from quizapp.content import banks, importer
from quizapp.formats.exports import EXPORTS
from quizapp.formats.model import Bank
from quizapp.formats.reader import read
from tests.conftest import SAMPLES, SHARED, TODAY
from tests.content.test_importer import dump
from tests.examples import tried
from tests.formats.mutations import mutated
from tests.formats.office_files import office_files

MANY = 10_000
TENTH = MANY // 10


@cache
def originals() -> list[tuple[str, bytes]]:
    """Sound files of every format: ours, a bank of ours in each export, and the real ones."""
    found = [
        (path.name, path.read_bytes())
        for folder in ("banks", "procedures", "foreign")
        for path in sorted((SAMPLES / folder).rglob("*"))
        if path.is_file()
    ]
    bank = read("oito.md", (SAMPLES / "banks" / "oito.md").read_bytes())
    assert isinstance(bank, Bank)
    found += [(f"oito{form.ending}", form.write(bank)[0]) for form in EXPORTS.values()]
    found += office_files()
    real = SHARED / "corpus"
    kinds = ("gift", "aiken", "moodle-xml", "qti*", "csv", "xlsx", "markdown", "docx")
    for kind in kinds if real.is_dir() else ():
        for path in sorted(p for f in real.glob(kind) for p in f.rglob("*") if p.is_file()):
            if path.stat().st_size < 60_000:
                found.append((path.name, path.read_bytes()))
    return found


def spoilt(seed: int) -> tuple[str, bytes]:
    rng = random.Random(seed)
    name, data = rng.choice(originals())
    return name, mutated(rng, data)


def take(session, first: int, last: int) -> dict[str, int]:
    """Import these spoilt files, each alone; counts what became of them."""
    count: dict[str, int] = {}
    before = dump(session)
    for seed in range(first, last):
        name, data = spoilt(seed)
        file = importer.File(name, f"/nowhere/{seed}/{name}", data)
        try:
            (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
        except Exception as error:
            raise AssertionError(f"seed {seed}, {name}") from error
        count[report.status] = count.get(report.status, 0) + 1
        if report.status == "refused":
            assert report.problems, f"seed {seed}: refused without a word"
            # A rollback would hide a row that was written: the savepoint alone must undo it.
            if seed % 10 == 0:
                session.commit()
                assert dump(session) == before, f"seed {seed}, {name} left something"
        session.rollback()
    return count


@pytest.mark.parametrize("part", range(4))
def test_some_of_the_spoilt_files_are_taken_or_refused(session, part):
    step = tried(TENTH) // 4
    count = take(session, part * step, (part + 1) * step)
    assert sum(count.values()) == step
    assert count["added"] > step // 5, "the mutations leave something to read"
    assert count["refused"] > step // 50


@pytest.mark.slow
@pytest.mark.parametrize("part", range(36))
def test_all_the_spoilt_files_are_taken_or_refused(session, part):
    step = (MANY - TENTH) // 36
    first = TENTH + part * step
    assert sum(take(session, first, first + step).values()) == step
    assert banks.live(session) == []
