"""Decisions about items that were asked: regrade, with a dry run."""

import click
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.cli.quizzes import find_bank
from quizapp.cli.terminal import spoken, with_database
from quizapp.content import banks
from quizapp.content.items import choice_key
from quizapp.db import db, only_reading
from quizapp.errors import Invalid
from quizapp.evidence import chain
from quizapp.items.kinds import CHOICE
from quizapp.quiz import decisions, effects, regrade
from quizapp.quiz.decisions import Ruling, Subject


@click.command("regrade")
@click.argument("item")
@click.option("--key", "letters", help="Other letters are right: C, or A,C.")
@click.option("--both", "more", help="These letters are accepted beside the key.")
@click.option("--proposed", is_flag=True, help="The proposed key is right.")
@click.option("--void", type=click.Choice(["better", "everyone"]), help="The item is void.")
@click.option("--keep", is_flag=True, help="The key stays; the proposal is refused.")
@click.option("--reason", default="", help="Why: it stands beside every score that changes.")
@click.option("--dry-run", is_flag=True, help="Say what would move, and change nothing.")
@spoken
@with_database
def regrade_command(
    item: str,
    letters: str | None,
    more: str | None,
    proposed: bool,
    void: str | None,
    keep: bool,
    reason: str,
    dry_run: bool,
) -> None:
    """Decide about ITEM ("bank#id") and score anew whoever was asked it."""
    if sum(map(bool, (letters, more, proposed, void, keep))) != 1:
        raise Invalid(gettext("Say one outcome: --key, --both, --proposed, --void or --keep."))
    with only_reading() as session:
        about = _subject(session, item)
        ruling = _ruling(about, letters, more, proposed, void)
        plan = regrade.plan(session, about.item.id, ruling)
        _say(plan)
    if dry_run:
        click.echo(gettext("A dry run: nothing was changed."))
        return
    session = db.session()
    about = _subject(session, item)
    ruling = _ruling(about, letters, more, proposed, void)
    decision = decisions.decide(
        session, about, ruling, reason=reason, by=chain.SYSTEM, now=clock.now()
    )
    session.commit()
    decision_id = decision.id
    regrade.work(session, decision_id)
    session.commit()
    count = len(effects.moves_of(session, decision_id))
    click.echo(ngettext("%(num)s score moved.", "%(num)s scores moved.", count))


def _subject(session: Session, name: str) -> Subject:
    slug, _, uid = name.rpartition("#")
    found = banks.item(session, find_bank(slug), uid)
    return decisions.subject(session, found)


def _ruling(
    about: Subject, letters: str | None, more: str | None, proposed: bool, void: str | None
) -> Ruling:
    if void:
        return decisions.rule(about, "void", void)
    if proposed:
        return decisions.rule(about, "replaced", value=about.proposal)
    given = letters or more
    if given is None:
        return decisions.rule(about, "kept")
    if about.asked_as not in CHOICE:
        raise Invalid(gettext("Only choice items are keyed by their options."))
    count = len(about.revision.content["options"])
    places = {ord(letter) - ord("A") for letter in given.upper() if letter.isalnum()}
    if not places or not places <= set(range(count)):
        raise Invalid(gettext("Choose the correct option."))
    value = choice_key(count, tuple(sorted(places)))
    return decisions.rule(about, "replaced" if letters else "both", value=value)


def _say(plan: effects.Plan) -> None:
    for move in plan.moves:
        mark = {"gained": gettext("passes now"), "kept": gettext("keeps the pass")}
        said = f"{move.attempt} {move.before.percent:.2f}% -> {move.after.percent:.2f}%"
        click.echo(" ".join([said, mark.get(move.verdict, "")]).rstrip())
    click.echo(
        gettext(
            "%(asked)s attempts were asked it: %(up)s go up, %(down)s down, %(gained)s gain a pass,"
            " %(kept)s keep one that they would not gain now; %(open)s are open.",
            asked=plan.asked,
            up=plan.count("up"),
            down=plan.count("down"),
            gained=plan.count("gained"),
            kept=plan.count("kept"),
            open=plan.open,
        )
    )
