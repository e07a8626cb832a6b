"""Deciding about a question that was asked: what it would move, then for good, and who moved."""

import hashlib
from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock, jobs
from quizapp.content import banks, citations
from quizapp.content.items import choice_key
from quizapp.content.models import Bank, Item
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Invalid, Missing, Refused
from quizapp.formats.amounts import numeric
from quizapp.items.keys import alternatives, partners, right_options
from quizapp.items.kinds import CHOICE
from quizapp.pages.access import for_roles, me, reads_first
from quizapp.pages.failures import wants_json
from quizapp.pages.language import today
from quizapp.people import teams
from quizapp.quiz import contests, decisions, effects, outdated, passes, regrade
from quizapp.quiz.decisions import Ruling, Subject
from quizapp.reports.solutions import accepted

bp = Blueprint("decisions", __name__)

SHOWN = 100  # of who moves; the counts are of all


@bp.route("/banks/<slug>/items/<uid>/decision", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def item(slug: str, uid: str) -> ResponseReturnValue:
    """The question with all that speaks for or against its key; the outcome, tried and taken."""
    session = db.session()
    bank = banks.find(session, slug)
    about = _subject(session, bank, uid)
    if request.method == "GET":
        return _page(session, bank, about)
    try:
        ruling = _ruling(about)
        if request.form.get("action") != "decide":
            return _page(session, bank, about, ruling=ruling)
        if request.form.get("seen") != _name(about, ruling):
            message = gettext("This is another outcome than the one you looked at: look again.")
            return _page(session, bank, about, message, ruling)
        begin_writing()
        about = _subject(session, bank, uid)
        decision = decisions.decide(
            session,
            about,
            _ruling(about),
            reason=request.form.get("reason", ""),
            by=me().public_id,
            now=clock.now(),
        )
        if decisions.asked(session, about)[0] > regrade.AT_ONCE:
            jobs.enqueue(
                session,
                regrade.REGRADE,
                {"decision": decision.id},
                about=decision.public_id,
                by=decision.by,
                now=clock.now(),
            )
        else:
            regrade.apply(session, decision)
        session.commit()
    except Refused as error:
        if error.status == 404:
            raise
        stop_writing()
        return _page(session, bank, _subject(session, bank, uid), str(error.message))
    flash(gettext("Decided. From now on whoever submits is scored by it."), "success")
    return redirect(url_for("decisions.decision", public_id=decision.public_id), 303)


def _subject(session: Session, bank: Bank, uid: str) -> Subject:
    found = banks.item(session, bank, uid)
    return decisions.subject(session, found, request.values.get("version", type=int))


def _ruling(about: Subject) -> Ruling:
    outcome = request.form.get("outcome", "")
    if outcome in ("better", "everyone"):
        return decisions.rule(about, "void", outcome)
    value = _sent_key(about) if outcome in ("replaced", "both") else None
    return decisions.rule(about, outcome, value=value)


def _sent_key(about: Subject) -> dict[str, Any] | None:
    """The other key as the page's fields give it."""
    content = about.revision.content
    if about.asked_as in CHOICE:
        count = len(content["options"])
        chosen = {n for n in request.form.getlist("option", type=int) if 0 <= n < count}
        if about.proposal is not None and right_options(about.proposal) == chosen:
            return about.proposal
        return choice_key(count, tuple(sorted(chosen))) if chosen else None
    if about.asked_as == "matching":
        sent = [request.form.get(f"match-{i}", type=int) for i in range(len(content["options"]))]
        return {"matches": [-1 if right is None else right for right in sent]}
    lines = [line.strip() for line in request.form.get("answers", "").splitlines() if line.strip()]
    if about.proposal is not None and lines == accepted(about.asked_as, about.proposal):
        return about.proposal
    if about.asked_as == "numeric":
        return {"answers": [_range(line) for line in lines]}
    return {"answers": [{"text": line, "fraction": 1} for line in lines]}


def _range(line: str) -> dict[str, float]:
    ends = [numeric(part) for part in line.replace(" – ", "..").split("..")]
    low, high = ends[0], ends[-1]
    if low is None or high is None or low.value is None or high.value is None or len(ends) > 2:
        raise Invalid(gettext("“%(text)s” is no number, nor a range such as 3,5..4.", text=line))
    return {"low": low.value, "high": high.value, "fraction": 1}


def _name(about: Subject, ruling: Ruling) -> str:
    """A short name of an outcome: what is decided must be what was looked at."""
    said = f"{ruling.kind} {ruling.policy} {ruling.key} {about.key} {sorted(ruling.revisions)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _page(
    session: Session, bank: Bank, about: Subject, problem: str = "", ruling: Ruling | None = None
) -> ResponseReturnValue:
    plan = regrade.plan(session, about.item.id, ruling) if ruling else None
    submitted, open_ = decisions.asked(session, about)
    page = render_template(
        "decisions/item.html",
        bank=bank,
        title=banks.current(session, bank).title,
        about=about,
        right=right_options(about.key),
        proposed=right_options(about.proposal or {}),
        partners=partners,
        accepted=accepted,
        chosen=decisions.chosen(session, about),
        submitted=submitted,
        open=open_,
        objections=_objections(session, bank, about),
        outdated=outdated.of_items(session, [about.item.id]).get(about.item.id),
        history=decisions.of_items(session, [about.item.id])[about.item.id],
        cited=citations.cited_by(session, [about.revision.id], today()).get(about.revision.id, []),
        choice=about.asked_as in CHOICE,
        void_only=about.asked_as in decisions.VOID_ONLY,
        lines=_lines(about),
        matches=_matches(about),
        picked=_picked(about),
        outcome=request.form.get("outcome", "replaced" if about.proposal else ""),
        reason=request.form.get("reason", ""),
        plan=plan,
        moves=plan.moves[:SHOWN] if plan else (),
        teams=_teams(session, plan.by_team()) if plan else [],
        seen=_name(about, ruling) if ruling else "",
        problem=problem,
    )
    return page, 422 if problem else 200


def _objections(session: Session, bank: Bank, about: Subject) -> list[contests.Objection]:
    """What agents objected to, that waits or was accepted; without names."""
    found = [
        *contests.objections(session, waiting=True, bank_id=bank.id),
        *contests.objections(session, waiting=False, bank_id=bank.id),
    ]
    return [
        one for one in found if one.item.id == about.item.id and one.contest.accepted is not False
    ]


def _picked(about: Subject) -> frozenset[int]:
    if request.method == "POST":
        return frozenset(request.form.getlist("option", type=int))
    return right_options(about.proposal or {})


def _matches(about: Subject) -> list[int | None]:
    """The right side chosen so far for each left one."""
    if about.asked_as != "matching":
        return []
    if request.method == "POST":
        count = len(about.revision.content["options"])
        return [request.form.get(f"match-{i}", type=int) for i in range(count)]
    return list(alternatives(about.proposal or about.key)[0]["matches"])


def _lines(about: Subject) -> str:
    if request.method == "POST":
        return request.form.get("answers", "")
    written = about.asked_as in ("short_answer", "numeric")
    return "\n".join(accepted(about.asked_as, about.proposal or about.key)) if written else ""


def _teams(
    session: Session, counts: dict[int | None, Counter[str]]
) -> list[tuple[str, Counter[str]]]:
    names = teams.team_names(session, [team_id for team_id in counts if team_id])
    named = [(names.get(team_id or 0, "–"), found) for team_id, found in counts.items()]
    return sorted(named, key=lambda row: row[0].casefold())


@bp.get("/decisions/<public_id>")
@for_roles("trainer", "manager")
def decision(public_id: str) -> ResponseReturnValue:
    """What a decision moved, or how far that is: all of it without names, or one's own people."""
    session = db.session()
    found = decisions.find(session, public_id)
    done = effects.is_recorded(session, found)
    job = jobs.latest(session, public_id)
    broken = not done and (job is None or job.state == "failed")
    if wants_json():
        figures = {"done": job.done, "total": job.total} if job else {"done": 0, "total": 0}
        return {"ended": done or broken, **figures}
    about = session.get_one(Item, found.item_id)
    moves = effects.moves_of(session, found.id)
    names = {}
    if leads := current_user.role == "manager":
        names = {one.user_id: one.name for one in teams.led_people(session, current_user.id)}
        moves = [move for move in moves if move.user_id in names]
        if not moves:
            raise Missing
    plan = effects.Plan(len(moves), 0, tuple(moves))
    return render_template(
        "decisions/decision.html",
        decision=found,
        leads=leads,
        names=names,
        item=about,
        title=banks.current(session, about.bank).title,
        done=done,
        broken=broken,
        job=job,
        plan=plan,
        moves=moves[:SHOWN],
        kept=[move for move in moves if move.verdict == "kept"],
        outdated=outdated.of_items(session, [about.id]).get(about.id),
        teams=_teams(session, plan.by_team()),
    )


@bp.post("/decisions/<public_id>/again")
@for_roles("trainer")
def again(public_id: str) -> ResponseReturnValue:
    """Go on with a regrade that broke off; what is done stays done."""
    session = db.session()
    found = decisions.find(session, public_id)
    jobs.enqueue(
        session,
        regrade.REGRADE,
        {"decision": found.id},
        about=public_id,
        by=me().public_id,
        now=clock.now(),
    )
    session.commit()
    return redirect(url_for("decisions.decision", public_id=public_id), 303)


@bp.route("/decisions/<public_id>/passes/<attempt_id>", methods=["GET", "POST"])
@for_roles("trainer")
def take(public_id: str, attempt_id: str) -> ResponseReturnValue:
    """Take away the one pass that was kept: a decision about the person, who is told."""
    session = db.session()
    found = decisions.find(session, public_id)
    problem = ""
    if request.method == "POST":
        try:
            if passes.kept(session, attempt_id).score.decision_id != found.id:
                raise Missing
            passes.take(
                session,
                attempt_id,
                reason=request.form.get("reason", ""),
                by=me().public_id,
                now=clock.now(),
            )
            session.commit()
        except Invalid as error:
            stop_writing()
            problem = str(error.message)
        else:
            flash(gettext("The pass is taken away, and the person is told."), "success")
            return redirect(url_for("decisions.decision", public_id=public_id), 303)
    page = render_template(
        "decisions/take.html",
        decision=found,
        kept=passes.kept(session, attempt_id),
        problem=problem,
    )
    return page, 422 if problem else 200
