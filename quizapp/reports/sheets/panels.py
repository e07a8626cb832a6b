"""What the judges of a cut score said, as tables, for who may see it on its page."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.errors import Missing
from quizapp.people.models import User
from quizapp.quiz import panel_results, panels
from quizapp.quiz.models import CutPanel, Quiz
from quizapp.quiz.panel_results import Forms, Outcome
from quizapp.quiz.panels import Judge
from quizapp.quiz.rules import needed
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Sheet


def of_panel(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The `panel` of the arguments: its cut score, judges, items, and forms drawn by chance."""
    panel, quiz, judges = find(session, reader, args.get("panel", ""))
    said = panel_results.outcome(session, panel, quiz)
    if not said.said:
        raise Missing
    title = gettext("Judges for %(title)s", title=quiz.title)
    state = _state(panel, panel_results.was_taken(session, panel))
    tables = [_cut(title, state, said), _judges(title, said, judges), _items(title, said, judges)]
    if said.forms:
        tables.append(_forms(title, said.forms, said.points))
    return tables


def find(session: Session, reader: Reader, public_id: str) -> tuple[CutPanel, Quiz, list[Judge]]:
    """A panel whose estimates a reader may see. Raises Missing, also for who has yet to judge."""
    panel, quiz = panels.find(session, public_id, session.get_one(User, reader.user_id))
    judges = panels.judges_of(session, panel)
    if panels.waits_for(panel, judges, reader.user_id):
        raise Missing
    return panel, quiz, judges


def _state(panel: CutPanel, taken: bool) -> str:
    if panel.closed_at is None:
        said = gettext("At work")
    else:
        said = gettext("Taken over") if taken else gettext("Not taken over")
    return f"{said}. {panel.reason}".strip()


def _cut(title: str, state: str, said: Outcome) -> Sheet:
    forms = said.forms
    columns = (
        Column("cut", gettext("Cut score"), "percent"),
        Column("sd", gettext("Spread between judges"), "number"),
        Column("error", gettext("Standard error"), "number"),
        Column("judges", gettext("Judges"), "count"),
        Column("questions", gettext("Questions"), "count"),
        Column("points", gettext("Points"), "count"),
        Column("lowest", gettext("Forms get from"), "percent"),
        Column("mean", gettext("Mean of the forms"), "percent"),
        Column("highest", gettext("Forms get up to"), "percent"),
    )
    row = (
        said.percent,
        said.cut.sd,
        said.cut.standard_error,
        len({judge for one in said.said.values() for judge in one}),
        len(said.asked),
        said.points,
        forms and forms.lowest,
        forms and forms.mean,
        forms and forms.highest,
    )
    notes = [
        gettext(
            "The cut score is the mean of all estimates, weighted by the questions' points, for "
            "the mean form. Spread and standard error are in points of a hundred."
        )
    ]
    if said.missing:
        names = ", ".join(one.candidate.uid for one in said.missing)
        notes.append(gettext("Fewer than three estimates: %(items)s.", items=names))
    return Sheet(gettext("Cut score"), title, state, columns, [row], tuple(notes), landscape=True)


def _judges(title: str, said: Outcome, judges: list[Judge]) -> Sheet:
    columns = (
        Column("name", gettext("Name")),
        Column("done", gettext("Handed in"), "time"),
        Column("cut", gettext("Would set"), "percent"),
        Column("far", gettext("Far from the others"), "state"),
    )
    rows = [
        (
            one.name,
            one.done_at,
            said.cut.by_judge.get(one.user_id),
            gettext("yes") if one.user_id in said.cut.far else None,
        )
        for one in judges
    ]
    about = gettext("The cut score that each who judged all questions would set")
    return Sheet(gettext("The judges"), title, about, columns, rows)


def _items(title: str, said: Outcome, judges: list[Judge]) -> Sheet:
    heard = [one for one in judges if any(one.user_id in all_ for all_ in said.said.values())]
    columns = (
        Column("item", gettext("Question"), "text", 20),
        Column("stem", gettext("Text"), "text", 48),
        Column("mean", gettext("Mean"), "count"),
        Column("lowest", gettext("Lowest"), "count"),
        Column("highest", gettext("Highest"), "count"),
        Column("sd", gettext("Spread"), "number"),
        Column("wide", gettext("Talk about it"), "state"),
        *(Column(one.public_id, one.name, "count") for one in heard),
    )
    rows = []
    for one in said.asked:
        figures = said.judged.get(one.item_id)
        if figures is None:
            continue
        of_ten = said.said[one.item_id]
        rows.append(
            (
                one.candidate.uid,
                one.stem,
                figures.mean,
                figures.lowest,
                figures.highest,
                figures.sd,
                gettext("yes") if figures.is_wide else None,
                *(of_ten.get(judge.user_id) for judge in heard),
            )
        )
    about = gettext("How many of ten barely ready people get it right, by each judge")
    return Sheet(gettext("Questions"), title, about, columns, rows, landscape=True)


def _forms(title: str, forms: Forms, points: int) -> Sheet:
    columns = (
        Column("form", gettext("Form"), "count"),
        Column("cut", gettext("Cut score"), "percent"),
        Column("needed", gettext("Points to pass"), "count"),
        Column("points", gettext("Points"), "count"),
    )
    rows = [
        (number, cut, needed(cut, points), points) for number, cut in enumerate(forms.cuts, start=1)
    ]
    about = gettext("Forms drawn by chance: each has the cut score of its own questions")
    return Sheet(gettext("Forms"), title, about, columns, rows)
