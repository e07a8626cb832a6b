"""The lint: what is wrong with files, before anyone is scored."""

import sys
from collections import Counter
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext

from quizapp.cli.terminal import FORMATS, PATHS, gather, print_json, spoken, today, with_database
from quizapp.content import citations, linting
from quizapp.content.messages import format_problem, message
from quizapp.db import db
from quizapp.formats import model
from quizapp.formats.linting import lint_bank
from quizapp.formats.linting import questions as as_questions
from quizapp.formats.reader import read
from quizapp.items.lint import Signature, signature


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--format", "form", type=FORMATS, default="text", help="How to report.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@spoken
@with_database
def lint(paths: tuple[Path, ...], form: str, strict: bool) -> None:
    """Say what is wrong with the files in PATHS, by default the two folders; take nothing in."""
    chosen = paths or tuple(Path(current_app.config[name]) for name in ("PROCEDURES", "BANKS"))
    files = gather(chosen)
    documents: list[tuple[str, model.Document]] = []
    with click.progressbar(files, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for file in shown:
            documents.append((file.path, read(file.path, file.data, file.beside)))
    found = {path: _problems(path, document, documents) for path, document in documents}
    if form == "json":
        print_json([_as_json(path, document, found[path]) for path, document in documents])
    else:
        for path, problems in found.items():
            for problem in problems:
                click.echo(format_problem(path, problem))
        _print_counts([p for problems in found.values() for p in problems])
    wrong = {"error", "warning"} if strict else {"error"}
    if any(p.severity in wrong for problems in found.values() for p in problems):
        sys.exit(1)


def _problems(
    path: str, document: model.Document, documents: list[tuple[str, model.Document]]
) -> list[model.Problem]:
    """A file's own problems and what the lint adds, seen with the other files and the library."""
    if not isinstance(document, model.Bank):
        return list(document.problems)
    session = db.session()
    beside = linting.known_in(other for _, other in documents)
    cited = {source for item in document.items for source in item.sources}
    there = citations.known(session, cited, today())
    others: list[Signature] = []
    names = {document.id}
    for other_path, other in documents:
        if other_path != path and isinstance(other, model.Bank) and other.id not in names:
            names.add(other.id)
            others += [signature(question) for question in as_questions(other)]
    others += [one for one in linting.library(session, but=document.id) if one.bank not in names]
    problems = lint_bank(
        document, known=lambda reference: beside(reference) or there(reference), library=others
    )
    return sorted((*document.problems, *problems), key=lambda p: (p.line, p.column))


def _print_counts(problems: list[model.Problem]) -> None:
    if not problems:
        click.echo(gettext("Nothing to remark."))
        return
    count = Counter((p.severity, p.code) for p in problems)
    order = {"error": 0, "warning": 1, "info": 2}
    click.echo("")
    for (severity, code), number in sorted(
        count.items(), key=lambda pair: (order[pair[0][0]], -pair[1], pair[0][1])
    ):
        click.echo(f"{number:6} {severity}: {code}")


def _as_json(
    path: str, document: model.Document, problems: list[model.Problem]
) -> dict[str, object]:
    kinds = {model.Bank: "bank", model.Procedure: "procedure", model.Program: "program"}
    kind = kinds.get(type(document))
    return {
        "path": path,
        "kind": kind,
        "problems": [
            {
                "line": p.line,
                "column": p.column,
                "severity": p.severity,
                "code": p.code,
                "message": message(p),
            }
            for p in problems
        ],
    }
