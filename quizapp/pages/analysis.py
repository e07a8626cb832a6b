"""Whether the quizzes themselves are any good: for trainers, and in figures alone for managers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from quizapp import clock, jobs
from quizapp.db import begin_writing, db
from quizapp.errors import Missing
from quizapp.pages.access import for_roles, me, reader, reads_first
from quizapp.pages.failures import wants_json
from quizapp.pages.language import today
from quizapp.quiz import quizzes
from quizapp.reports import analysis, charts, look_words, quality
from quizapp.reports.analysis import FIRST, Worked
from quizapp.reports.charts import Bars, Histogram, Point
from quizapp.reports.quality import Told

bp = Blueprint("analysis", __name__, url_prefix="/analysis")

_l = lazy_gettext
EXPOSURE_NAMES: dict[str, object] = {
    "first": _l("first attempt"),
    "best": _l("best attempt"),
    "last": _l("last attempt"),
    "all": _l("every attempt"),
}


@bp.get("")
@for_roles("trainer", "manager")
def index() -> ResponseReturnValue:
    """All quizzes that somebody took, each in a line."""
    lines = analysis.of_all(db.session(), reader(), clock.now())
    told = [(line, analysis.is_told(reader(), line.worked)) for line in lines]
    return render_template("analysis/index.html", lines=told, **_words())


@bp.get("/<slug>")
@for_roles("trainer", "manager")
def quiz(slug: str) -> ResponseReturnValue:
    """One quiz: its scores, how reliable it is, its items and what to look at."""
    session, who = db.session(), reader()
    found = analysis.find(session, who, slug)
    by_form = quizzes.rules_of(session, found).cut_by is not None
    exposures = analysis.exposures_of(request.args)
    if who.role != "trainer":
        worked, attempts = analysis.of_quiz(session, found, FIRST, clock.now())
        chart = _histogram(worked) if worked else None
        return render_template(
            "analysis/figures.html",
            quiz=found,
            by_form=by_form,
            worked=worked,
            attempts=attempts,
            is_told=analysis.is_told(who, worked),
            chart=chart,
            found=worked.found() if worked else {},
            **_words(),
        )
    job = jobs.latest(session, analysis.about_of(found.id, exposures))
    if wants_json():
        ended = job is None or job.state in ("done", "failed")
        return {
            "ended": ended,
            "done": job.done if job else 0,
            "total": job.total if job else 0,
        }
    worked, attempts = analysis.of_quiz(session, found, exposures, clock.now())
    return render_template(
        "analysis/quiz.html",
        quiz=found,
        by_form=by_form,
        worked=worked,
        attempts=attempts,
        exposures=exposures,
        quality=quality.of_quiz(session, worked) if worked else None,
        chart=_histogram(worked) if worked else None,
        sort=request.args.get("sort", ""),
        job=job,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "names": EXPOSURE_NAMES,
        "limits": analysis.limits(),
        "words": look_words,
    }


def _histogram(worked: Worked) -> Histogram:
    bins = [charts.Bin(one.low, one.high, one.count) for one in worked.figures.quiz.bins]
    return charts.histogram(bins, mark=worked.cut_score)


@bp.post("/<slug>")
@for_roles("trainer")
@reads_first
def again(slug: str) -> ResponseReturnValue:
    """Work a quiz out again: at once where it is small, else by the worker."""
    session, exposures = db.session(), analysis.exposures_of(request.args)
    found = analysis.find(session, reader(), slug)
    worked, attempts = analysis.of_quiz(session, found, exposures, clock.now())
    is_small = attempts <= analysis.AT_ONCE
    begin_writing()
    if is_small and worked:
        analysis.keep(session, found.id, exposures, worked)
        flash(gettext("Worked out again."), "success")
    else:
        analysis.ask(session, found.id, exposures, by=me().public_id, now=clock.now())
    session.commit()
    return redirect(url_for("analysis.quiz", slug=slug, exposures=exposures), 303)


@bp.get("/<slug>/<bank>/<uid>")
@for_roles("trainer")
def item(slug: str, bank: str, uid: str) -> ResponseReturnValue:
    """One item: who chose what, and what speaks for and against it."""
    session, exposures = db.session(), analysis.exposures_of(request.args)
    found = analysis.find(session, reader(), slug)
    worked, _ = analysis.of_quiz(session, found, exposures, clock.now())
    if worked is None:
        raise Missing
    told = quality.of_item(session, worked, bank, uid, today())
    return render_template(
        "analysis/item.html",
        quiz=found,
        worked=worked,
        exposures=exposures,
        about=told,
        options=_options(told),
        groups=group_names(len(told.item.figures.group_sizes)),
        **_words(),
    )


def _options(told: Told) -> list[dict[str, object]]:
    """The options of a choice item, each with a bar for each group by score."""
    figures, wording = told.item.figures, told.wording
    if not figures.choices or wording is None:
        return []
    return [
        {
            "letter": look_words.letter(choice.option),
            "html": wording.content["options"][choice.option]["html"],
            "choice": choice,
            "chart": _bars(choice.by_group, figures.group_sizes),
        }
        for choice in figures.choices
    ]


def _bars(counts: tuple[int, ...], sizes: tuple[int, ...]) -> Bars:
    names = group_names(len(sizes))
    points = [
        Point(
            name,
            100 * count / size if size else None,
            gettext("%(n)s of %(all)s", n=count, all=size),
        )
        for name, count, size in zip(names, counts, sizes, strict=True)
    ]
    return charts.bars(points, top=100)


def group_names(groups: int) -> list[str]:
    """The groups by score, the weakest first."""
    if not groups:
        return []
    if groups == 3:
        return [gettext("Weakest third"), gettext("Middle third"), gettext("Best third")]
    return [gettext("Group %(n)s", n=n + 1) for n in range(groups)]
