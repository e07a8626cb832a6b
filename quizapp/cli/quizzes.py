"""Keys and quizzes: key and publish."""

from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext, ngettext

from quizapp import clock
from quizapp.cli.terminal import spoken, with_database
from quizapp.content import banks, keys
from quizapp.content.messages import format_problem
from quizapp.content.models import Bank
from quizapp.db import db
from quizapp.errors import Missing, Refused
from quizapp.evidence import chain
from quizapp.formats import gabarito, model
from quizapp.formats.decoding import decode
from quizapp.formats.reader import read
from quizapp.quiz import quizzes


@click.command()
@click.argument("bank")
@click.argument("answers", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@spoken
@with_database
def key(bank: str, answers: Path) -> None:
    """Apply the key file ANSWERS ("1-A 2-C …") to BANK: all of it, or nothing."""
    session = db.session()
    found = find_bank(bank)
    places = banks.places(session, found)
    decoded = decode(str(answers), answers.read_bytes())
    text, problems = ("", decoded.problems) if isinstance(decoded, model.Unreadable) else decoded
    entries, unreadable = gabarito.parse_gabarito(text)
    selected, unmatched = gabarito.match_keys(entries, [_as_item(place) for place in places])
    problems = [*problems, *unreadable, *unmatched]
    for problem in problems:
        click.echo(format_problem(str(answers), problem), err=True)
    if any(problem.severity == "error" for problem in problems):
        raise click.ClickException(gettext("Nothing was applied. Mend the lines above."))
    outcomes = {
        place.item.uid: keys.give(
            session,
            place.revision,
            selected[place.item.uid],
            "gabarito",
            by=chain.SYSTEM,
            now=clock.now(),
        )
        for place in places
        if place.item.uid in selected
    }
    session.commit()
    count = sum(outcome == "confirmed" for outcome in outcomes.values())
    click.echo(gettext("%(n)s of %(all)s keys applied.", n=count, all=len(outcomes)))
    same = sum(outcome == "same" for outcome in outcomes.values())
    if same:
        click.echo(gettext("Already so: %(n)s.", n=same))
    for uid, outcome in outcomes.items():
        if outcome == "proposed":
            click.echo(
                gettext(
                    "%(item)s: somebody has answered it; the change is kept as a proposal.",
                    item=uid,
                )
            )
    left = banks.unkeyed(session, found)
    if left:
        click.echo(ngettext("%(num)s item has no key yet.", "%(num)s items have no key yet.", left))


def _as_item(place: banks.Place) -> model.Item:
    """What matching a gabarito needs of an item."""
    return model.Item(
        id=place.item.uid,
        id_given=True,
        number=place.label,
        kind=place.revision.kind,  # type: ignore[arg-type]
        stem=place.revision.stem,
        line=place.line,
        key="missing",
        options=tuple(model.Option(o["text"]) for o in place.revision.content["options"]),
    )


@click.command()
@click.argument("bank")
@click.option("--cut-score", type=float, help="In per cent; else the last one, or the bank's own.")
@click.option(
    "--review-days",
    type=click.IntRange(0, 90),
    default=0,
    help="For so many days after their result people may contest an item.",
)
@spoken
@with_database
def publish(bank: str, cut_score: float | None, review_days: int) -> None:
    """Publish BANK and its keys as a quiz."""
    session = db.session()
    found = find_bank(bank)
    quiz = quizzes.publish(
        session,
        found,
        cut_score,
        by=chain.SYSTEM,
        now=clock.now(),
        review_days=review_days,
        second=current_app.config["SECOND_TRAINER"],
    )
    session.commit()
    if quiz is None:
        click.echo(gettext("The keys are submitted: a second trainer has to publish them."))
        return
    count = len(quizzes.pool(session, found))
    click.echo(
        gettext(
            "Published: %(title)s, %(n)s items, cut score %(cut)s%%.",
            title=quiz.title,
            n=count,
            cut=f"{quiz.cut_score:g}",
        )
    )


def find_bank(given: str) -> Bank:
    """The bank of this slug, or of this file."""
    session = db.session()
    try:
        return banks.find(session, _bank_slug(given))
    except Missing as error:
        known = ", ".join(bank.slug for bank, _ in banks.live(session)) or "–"
        raise Refused(
            gettext("There is no bank “%(bank)s”. Banks here: %(known)s", bank=given, known=known)
        ) from error


def _bank_slug(given: str) -> str:
    path = Path(given)
    if path.is_file():
        document = read(path.as_posix(), path.read_bytes())
        if isinstance(document, model.Bank):
            return document.id
    return given
