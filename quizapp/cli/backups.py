"""Keeping the database safe: backup and restore."""

import signal
import sys
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext

from quizapp import clock
from quizapp.backups import making, package, restoring
from quizapp.backups.package import Manifest
from quizapp.cli.terminal import PATHS, agrees, spoken
from quizapp.db import db
from quizapp.errors import Refused


@click.command()
@click.argument("target", required=False, type=PATHS)
@click.option("--keep", type=click.IntRange(min=1), help="Then remove all but the N newest here.")
@click.option("--check", "checked", type=PATHS, help="Make none; look whether this one is sound.")
@click.option("--quiet", is_flag=True, help="Say nothing unless it fails.")
@spoken
def backup(target: Path | None, keep: int | None, checked: Path | None, quiet: bool) -> None:
    """Back the database up into TARGET, a folder or a file.zip, while it is in use."""
    _end_tidily()
    say = _ignore if quiet else _progress
    if checked:
        if target or keep:
            raise click.UsageError(gettext("--check takes neither a target nor --keep."))
        manifest, path = restoring.check(checked, say), checked
    else:
        folder = target or Path(current_app.config["INSTANCE"]) / "backups"
        made = making.make(db.engine, folder, now=clock.now(), keep=keep, progress=say)
        manifest, path = made.manifest, made.path
        for old in made.removed:
            if not quiet:
                click.echo(gettext("removed: %(path)s", path=old))
    if not quiet:
        click.echo(gettext("%(path)s is sound.", path=path))
        _describe(manifest)


@click.command()
@click.argument("file", type=PATHS)
@click.option("--yes", is_flag=True, help="Do not ask before the database is replaced.")
@spoken
def restore(file: Path, yes: bool) -> None:
    """Bring the database back from FILE; the one that it replaces is kept."""
    _end_tidily()
    db.session.remove()
    db.engine.dispose()
    manifest = package.read(file)
    _describe(manifest)
    restoring.refuse_unfit(db.engine, manifest)
    if not yes and not agrees(gettext("Replace the database by this state of it?")):
        raise Refused(gettext("Nothing was changed."))
    restored = restoring.restore(db.engine, file, now=clock.now(), progress=_progress)
    if restored.kept:
        click.echo(gettext("What was there is kept as %(path)s.", path=restored.kept))
    click.echo(gettext("Restored. The server can be started."))


def _describe(manifest: Manifest) -> None:
    facts = manifest.facts
    click.echo(
        gettext(
            "%(when)s (UTC), %(kind)s, quizapp %(version)s, %(size)s MB",
            when=f"{manifest.at:%Y-%m-%d %H:%M:%S}",
            kind=manifest.kind,
            version=manifest.version,
            size=f"{manifest.size / 2**20:.1f}",
        )
    )
    click.echo(
        gettext(
            "%(rows)s rows, %(entries)s entries of evidence. Head: %(hash)s",
            rows=facts.rows,
            entries=facts.seq,
            hash=facts.head,
        )
    )


def _end_tidily() -> None:
    """Let a SIGTERM, too, remove what is half done."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    click.get_current_context().call_on_close(lambda: signal.signal(signal.SIGTERM, before))


def _progress(step: str, done: int, total: int) -> None:
    """One line, on a terminal only, so that a timer's log stays short."""
    if sys.stderr.isatty():
        end = "\r\033[K" if done >= total else ""
        click.echo(f"\r{step}: {100 * done // max(total, 1)} %{end}", nl=False, err=True)


def _ignore(_step: str, _done: int, _total: int) -> None:
    pass
