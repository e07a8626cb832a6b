"""Judges of a cut score: who is asked, their estimates item by item, what they say together."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response as Redirect

from quizapp import clock
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.formats.text import fold
from quizapp.pages import quiz_words as words
from quizapp.pages.access import for_roles, me
from quizapp.pages.failures import wants_json
from quizapp.people.models import User
from quizapp.quiz import forms, panel_results, panels, quizzes
from quizapp.quiz.models import CutPanel, Quiz
from quizapp.quiz.panel_results import Outcome
from quizapp.quiz.panels import Asked, Judge
from quizapp.quiz.rules import needed
from quizapp.reports import charts

bp = Blueprint("panels", __name__, url_prefix="/panels")


@bp.get("")
@for_roles("trainer", "manager")
def index() -> ResponseReturnValue:
    """The panels: all of them for a trainer, those that they judge for a manager."""
    session, viewer = db.session(), me()
    rows = []
    for panel, quiz in panels.listed(session, viewer):
        judges = panels.judges_of(session, panel)
        rows.append(
            {
                "panel": panel,
                "quiz": quiz,
                "done": sum(judge.done_at is not None for judge in judges),
                "judges": len(judges),
                "waits": panels.waits_for(panel, judges, viewer.id),
                "taken": panel_results.was_taken(session, panel),
            }
        )
    return render_template("panels/index.html", rows=rows)


@bp.get("/of/<slug>")
@for_roles("trainer")
def new(slug: str) -> ResponseReturnValue:
    """Choose who is to judge a quiz."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    if (at_work := panels.open_of(session, found)) is not None:
        return _to(at_work)
    return _new_page(found)


def _new_page(quiz: Quiz, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "panels/new.html",
        quiz=quiz,
        choice=_choice(panels.eligible(db.session(), quiz)),
        problem=problem,
    )
    return page, 422 if problem else 200


@dataclass(frozen=True)
class Choice:
    """People to choose judges from: those chosen, those of that name, and how many others."""

    name: str
    chosen: list[User]
    found: list[User]
    others: int


def _choice(people: list[User]) -> Choice:
    """As the address or the form that was sent has it: by parts of a name, without accents."""
    name, ticked = request.values.get("name", ""), set(request.values.getlist("judge"))
    chosen = [one for one in people if one.public_id in ticked]
    left = [one for one in people if one.public_id not in ticked]
    found = [one for one in left if all(part in fold(one.name) for part in fold(name).split())]
    return Choice(name, chosen, found, len(left) - len(found))


def _to(panel: CutPanel) -> Redirect:
    return redirect(url_for("panels.panel", public_id=panel.public_id), 303)


@bp.post("/of/<slug>")
@for_roles("trainer")
def begin(slug: str) -> ResponseReturnValue:
    """Ask them."""
    session, by = db.session(), me().public_id
    found = quizzes.find_any(session, slug)
    try:
        made = panels.open_panel(
            session, found, request.form.getlist("judge"), by=by, now=clock.now()
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        return _new_page(found, str(error.message))
    flash(gettext("The judges are asked: each has a notice."), "success")
    return _to(made)


@bp.get("/<public_id>")
@for_roles("trainer", "manager")
def panel(public_id: str) -> ResponseReturnValue:
    """How far the judges are; what they say together, for who may see it."""
    return _panel_page(public_id)


def _panel_page(public_id: str, problem: str = "") -> ResponseReturnValue:
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    judges = panels.judges_of(session, found)
    waits = panels.waits_for(found, judges, viewer.id)
    is_open = found.closed_at is None
    said = None if waits else panel_results.outcome(session, found, quiz)
    asked = panels.of_pool(session, quiz) if said is None else said.asked
    trains = viewer.role == "trainer" and is_open
    present = {judge.user_id for judge in judges}
    page = render_template(
        "panels/panel.html",
        panel=found,
        quiz=quiz,
        judges=judges,
        waits=waits,
        items=len(asked),
        mine=len(panels.own(session, found, viewer.id, asked)) if waits else 0,
        is_open=is_open,
        trains=trains,
        may_set_up=viewer.role == "trainer",
        taken=panel_results.was_taken(session, found),
        choice=_choice([one for one in panels.eligible(session, quiz) if one.id not in present])
        if trains
        else None,
        said=said if said is not None and said.said else None,
        **_results(said, judges),
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


def _results(said: Outcome | None, judges: list[Judge]) -> dict[str, object]:
    """What the page shows of an outcome: items where judges differ most come first."""
    if said is None:
        return {"rows": [], "chart": None, "heard": [], "cut": ""}
    rows = [one for one in said.asked if one.item_id in said.judged]
    rows.sort(key=lambda one: -(said.judged[one.item_id].sd or 0))
    heard = [judge for judge in judges if any(judge.user_id in all_ for all_ in said.said.values())]
    spreads = [
        charts.Spread(
            f"{one.candidate.uid} · {one.stem}",
            tuple(said.said[one.item_id].values()),
            said.judged[one.item_id].mean,
        )
        for one in rows
    ]
    return {
        "rows": rows,
        "chart": charts.dots(spreads, top=10),
        "heard": heard,
        "cut": _in_items(said),
    }


def _in_items(said: Outcome) -> str:
    """The cut score in items or points, where everybody gets the same questions."""
    if said.percent is None or said.forms is not None:
        return ""
    plain = said.points == len(said.asked)
    return words.cut_in_items(needed(said.percent, said.points), said.points, plain)


@bp.get("/<public_id>/judge")
@for_roles("trainer", "manager")
def judge(public_id: str) -> ResponseReturnValue:
    """To the first item without an estimate of one's own."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    asked = panels.of_pool(session, quiz)
    said = panels.own(session, found, viewer.id, asked)
    return redirect(_next(found, asked, said, 0), 303)


def _next(panel: CutPanel, asked: list[Asked], said: dict[int, int], position: int) -> str:
    """The address of the first item after this place without an estimate, else of the panel."""
    left = [n for n, one in enumerate(asked, start=1) if one.item_id not in said]
    following = [n for n in left if n > position] or left
    if not following:
        return url_for("panels.panel", public_id=panel.public_id)
    return url_for("panels.item", public_id=panel.public_id, position=following[0])


@bp.get("/<public_id>/judge/<int:position>")
@for_roles("trainer", "manager")
def item(public_id: str, position: int) -> ResponseReturnValue:
    """One item, without its key, and one's own estimate."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    if not panels.waits_for(found, panels.judges_of(session, found), viewer.id):
        return _to(found)
    return _item_page(found, quiz, position)


def _item_page(
    found: CutPanel, quiz: Quiz, position: int, problem: str = ""
) -> ResponseReturnValue:
    session = db.session()
    asked = panels.of_pool(session, quiz)
    if not 1 <= position <= len(asked):
        raise Missing
    one = asked[position - 1]
    said = panels.own(session, found, me().id, asked)
    content = panels.content_of(session, one)
    page = render_template(
        "panels/item.html",
        panel=found,
        quiz=quiz,
        one=one,
        position=position,
        asked=asked,
        said=said,
        # One order for all judges, so that they can talk about option B.
        shown=forms.show(
            position,
            one.kind,
            content,
            forms.order(one.kind, content, found.id, one.candidate.uid),
            None,
        ),
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/<public_id>/judge/<int:position>")
@for_roles("trainer", "manager")
def estimate(public_id: str, position: int) -> ResponseReturnValue:
    """Keep an estimate; the item goes by its name, as places may have moved meanwhile."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    asked = panels.of_pool(session, quiz)
    name, revision = request.form.get("item", ""), request.form.get("revision", type=int)
    one = next((one for one in asked if one.name == name), None)
    if one is None:
        raise Missing
    try:
        if one.revision_id != revision:
            raise Invalid(gettext("The text of this question has just changed: read it again."))
        of_ten = request.form.get("of_ten", -1, type=int)
        if of_ten < 0:
            raise Invalid(gettext("Choose a number from 0 to 10."))
        panels.estimate(session, found, viewer.id, one, of_ten, clock.now())
        session.commit()
    except Invalid as error:
        if wants_json():
            raise
        stop_writing()
        return _item_page(found, quiz, asked.index(one) + 1, str(error.message))
    said = panels.own(session, found, viewer.id, asked)
    address = _next(found, asked, said, position)
    if wants_json():
        return {"saved": True, "next": address, "done": len(said)}
    return redirect(address, 303)


@bp.post("/<public_id>/hand-in")
@for_roles("trainer", "manager")
def hand_in(public_id: str) -> ResponseReturnValue:
    """One's own part is done."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    try:
        panels.hand_in(session, found, quiz, viewer, now=clock.now())
        session.commit()
    except Refused as error:
        return _refused(public_id, error)
    others = [one for one in panels.judges_of(session, found) if one.user_id != viewer.id]
    if any(one.done_at for one in others):
        flash(gettext("Handed in. Here is what the others said."), "success")
    else:
        flash(gettext("Handed in. What the others say comes here as they hand in."), "success")
    return _to(found)


def _refused(public_id: str, error: Refused) -> ResponseReturnValue:
    if error.status == 404:
        raise error
    stop_writing()
    return _panel_page(public_id, str(error.message))


@bp.post("/<public_id>/invite")
@for_roles("trainer")
def invite(public_id: str) -> ResponseReturnValue:
    """Ask more people."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    people = request.form.getlist("judge")
    try:
        panels.invite(session, found, quiz, people, by=viewer.public_id, now=clock.now())
        session.commit()
    except Refused as error:
        return _refused(public_id, error)
    flash(gettext("The judges are asked: each has a notice."), "success")
    return _to(found)


@bp.post("/<public_id>/judges/<person>/back")
@for_roles("trainer")
def give_back(public_id: str, person: str) -> ResponseReturnValue:
    """Let a judge change what they handed in."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    try:
        panels.give_back(session, found, quiz, person, by=viewer.public_id, now=clock.now())
        session.commit()
    except Refused as error:
        return _refused(public_id, error)
    flash(gettext("Given back: the judge has a notice, and hands in again."), "success")
    return _to(found)


@bp.post("/<public_id>/close")
@for_roles("trainer")
def close(public_id: str) -> ResponseReturnValue:
    """Take over the cut score, or leave it as it is."""
    session, viewer = db.session(), me()
    found, quiz = panels.find(session, public_id, viewer)
    reason, by, now = request.form.get("reason", ""), viewer.public_id, clock.now()
    try:
        if request.form.get("do") == "take":
            seen = request.form.get("seen", type=float)
            panel_results.take(session, found, quiz, reason, seen=seen, by=by, now=now)
            said = gettext("Taken over. Attempts under way keep the cut score they began with.")
        else:
            panel_results.drop(session, found, quiz, reason, by=by, now=now)
            said = gettext("Closed. The cut score stays as it was.")
        session.commit()
    except Refused as error:
        return _refused(public_id, error)
    flash(said, "success")
    return _to(found)
