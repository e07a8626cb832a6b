"""Item analysis as tables: the quizzes, and the items of one with what to look at."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.errors import Missing
from quizapp.quiz.models import Quiz
from quizapp.reports import analysis, look_words, quality
from quizapp.reports.analysis import Line, Worked
from quizapp.reports.quality import Asked
from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Share, Sheet
from quizapp.reports.words import USE_NAMES


def of_all(
    session: Session, reader: Reader, _args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The quizzes that the reader may see the figures of, as the page has them."""
    columns = (
        Column("quiz", gettext("Quiz"), "text", 36),
        Column("use", gettext("Use"), "state"),
        Column("attempts", gettext("Attempts"), "count"),
        Column("passed", gettext("At or above the cut score"), "share"),
        Column("percent", gettext("At or above the cut score (%)"), "percent"),
        Column("mean", gettext("Mean score"), "percent"),
        Column("alpha", gettext("Reliability"), "number"),
        Column("error", gettext("Standard error"), "number"),
        Column("agreement", gettext("Same decision again (%)"), "percent"),
        Column("act", gettext("Most likely a mistake"), "count"),
        Column("look", gettext("Worth a look"), "count"),
        Column("at", gettext("As of"), "time"),
        Column("since", gettext("Attempts since"), "count"),
    )
    rows = [
        _quiz(line, analysis.is_told(reader, line.worked))
        for line in analysis.of_all(session, reader, now)
    ]
    said = gettext("How many pass, how far that rests on the person, what to look at")
    title = gettext("Quality of the quizzes")
    return [Sheet(gettext("Quizzes"), title, said, columns, rows, _notes(), landscape=True)]


def _quiz(line: Line, is_told: bool) -> tuple[object, ...]:
    head = (line.quiz.title, str(USE_NAMES[line.quiz.use]))
    worked = line.worked
    if worked is None or not is_told:
        return (*head, *[None] * 11)
    figures, found = worked.figures.quiz, worked.found()
    passed = figures.passed or 0
    return (
        *head,
        line.attempts,
        Share(passed, figures.attempts),
        100 * passed / figures.attempts if figures.pass_interval else None,
        figures.mean,
        figures.alpha,
        figures.standard_error,
        100 * figures.consistency.agreement if figures.consistency else None,
        found["act"],
        found["look"],
        worked.at,
        worked.since,
    )


def _notes() -> tuple[str, ...]:
    facility_from, discrimination_from = analysis.limits()
    return (
        gettext("From the first attempt of each person, without names."),
        gettext(
            "Shares are said from %(n)s answers on, how well something tells apart from %(m)s.",
            n=facility_from,
            m=discrimination_from,
        ),
    )


def of_quiz(
    session: Session, reader: Reader, args: Mapping[str, str], now: datetime
) -> list[Sheet]:
    """The items of `quiz` by `exposures`, sorted as the page is. Raises Missing."""
    found = analysis.find(session, reader, args.get("quiz", ""))
    exposures = analysis.exposures_of(args)
    worked, _ = analysis.of_quiz(session, found, exposures, now)
    if worked is None:
        raise Missing
    of_items = quality.of_quiz(session, worked)
    return [_items(found, worked, of_items.by(args.get("sort", "")))]


def _items(quiz: Quiz, worked: Worked, items: list[Asked]) -> Sheet:
    columns = (
        Column("item", gettext("Question"), "text", 20),
        Column("stem", gettext("Text"), "text", 48),
        Column("n", gettext("Answers"), "count"),
        Column("right", gettext("Right"), "count"),
        Column("partly", gettext("Partly right"), "count"),
        Column("wrong", gettext("Wrong"), "count"),
        Column("blank", gettext("Blank"), "count"),
        Column("unreached", gettext("Not reached"), "count"),
        Column("facility", gettext("Right (%)"), "percent"),
        Column("low", gettext("from"), "percent"),
        Column("high", gettext("to"), "percent"),
        Column("discrimination", gettext("Separates who knows"), "number"),
        Column("efficiency", gettext("Efficiency"), "percent"),
        Column("weight", gettext("Weight"), "percent"),
        Column("biserial", gettext("With the whole score"), "number"),
        Column("seconds", gettext("Time (s)"), "number"),
        Column("looks", gettext("To look at"), "text", 60),
    )
    figures = worked.figures.quiz
    said = gettext("%(n)s attempts of %(people)s people", n=figures.attempts, people=figures.people)
    title = gettext("Questions of %(quiz)s", quiz=quiz.title)
    rows = [_item(item) for item in items]
    return Sheet(quiz.title, title, said, columns, rows, _notes()[1:], landscape=True)


def _item(item: Asked) -> tuple[object, ...]:
    f = item.figures
    return (
        item.uid,
        item.stem,
        f.n,
        f.right,
        f.partly,
        f.wrong,
        f.blank,
        f.unreached,
        _percent(f.facility),
        _percent(f.interval.low if f.interval else None),
        _percent(f.interval.high if f.interval else None),
        f.discrimination,
        _percent(f.efficiency),
        _percent(f.effective_weight),
        f.point_biserial,
        f.spent.median / 1000 if f.spent else None,
        " ".join(look_words.said(look) for look in item.looks),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
