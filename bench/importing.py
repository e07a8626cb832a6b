"""Importing a GIFT file of 1,000 items with its lint, beside the same rows inserted raw.

Both in one process and one run: what counts is the ratio. The raw rows are those that the
import wrote, put by the bare driver into an empty copy of the tables in one transaction.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

from quizapp.db import driver

T = TypeVar("T")

ITEMS = 1000
TABLES = ("bank", "item", "item_revision", "item_key", "bank_revision", "bank_entry")
WORDS = (
    "sinal",
    "fibra",
    "roteador",
    "chamado",
    "titular",
    "endereço",
    "plano",
    "visita",
    "fatura",
    "contrato",
    "protocolo",
    "LED",
    "ONU",
    "cabo",
    "canal",
    "senha",
    "cliente",
)


def main(rounds: int, settings: Callable[[Path], dict[str, str]]) -> None:
    """Measure in rounds, each step beside the raw rows, and print the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(settings(folder))
        times: dict[str, list[float]] = {"parse": [], "lint": [], "import": [], "raw rows": []}
        for _ in range(rounds):
            for step, seconds in _round(folder).items():
                times[step].append(seconds)
    print(f"\n{ITEMS} items of GIFT, median of {rounds} rounds")
    print(f"{'step':<34}{'seconds':>9}{'ratio':>8}")
    both = [a + b for a, b in zip(times["import"], times["lint"], strict=True)]
    for step, found in (*times.items(), ("import with lint", both)):
        ratio = median(a / b for a, b in zip(found, times["raw rows"], strict=True))
        print(f"{step:<34}{median(found):>9.3f}{ratio:>8.1f}")


def _round(folder: Path) -> dict[str, float]:
    from flask_migrate import upgrade

    from quizapp import clock, create_app
    from quizapp.content import importer
    from quizapp.db import db
    from quizapp.formats.linting import lint_bank
    from quizapp.formats.reader import read

    data = gift()
    app = create_app({"INSTANCE": str(folder)})
    path = folder / "quizapp.sqlite3"
    with app.app_context():
        upgrade()
        parse, document = _timed(lambda: read("bench.gift", data))
        lint, _ = _timed(lambda: lint_bank(document))  # type: ignore[arg-type]
        file = importer.File("bench.gift", "/nowhere/bench.gift", data)
        today = clock.today("America/Sao_Paulo")

        def bring() -> None:
            session = db.session()
            (report,) = importer.import_files(
                session, [file], by="bench", now=clock.now(), today=today
            )
            session.commit()
            assert report.items == ITEMS, report

        took, _ = _timed(bring)
        db.session.remove()
        db.engine.dispose()
    raw = _raw(path, folder / "raw.sqlite3")
    for part in folder.glob("*.sqlite3*"):
        part.unlink()
    return {"parse": parse, "lint": lint, "import": took, "raw rows": raw}


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _raw(source: Path, target: Path) -> float:
    """The seconds that the rows take which the import wrote, in tables of the same shape."""
    old = driver.connect(source)
    new = driver.connect(target, isolation_level=None)
    new.execute("PRAGMA journal_mode=WAL")
    new.execute("PRAGMA synchronous=FULL")
    rows = {}
    for table in TABLES:
        (made,) = old.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        new.execute(made)
        rows[table] = old.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our names
    begun = time.perf_counter()
    new.execute("BEGIN IMMEDIATE")
    for table, found in rows.items():
        marks = ",".join("?" * len(found[0]))
        new.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608 - our names
    new.execute("COMMIT")
    taken = time.perf_counter() - begun
    old.close()
    new.close()
    return taken


def gift() -> bytes:
    """A GIFT file of 1,000 questions in short plain text, no two alike."""
    parts = []
    for n in range(ITEMS):
        word = [WORDS[(n * k + k) % len(WORDS)] for k in (3, 7, 11, 13)]
        parts.append(
            f"::B{n:04}:: No caso {n}, o {word[0]} fala de {word[1]}. O que se faz? {{\n"
            f"=Confere o {word[2]} número {n} no sistema.\n"
            f"~Troca o {word[3]} do cliente {n}.\n~Abre outro {word[1]} para o caso {n}.\n"
            f"~Encerra sem anotar o {word[0]}.\n####Sem o {word[2]} não há caso {n}.\n}}\n"
        )
    return "\n".join(parts).encode()
