"""The trainer's banks: items, keys, publishing."""

from collections import Counter

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import (
    banks,
    citations,
    conflicts,
    editing,
    keys,
    linking,
    linting,
    moves,
)
from quizapp.content.messages import message
from quizapp.content.models import Bank
from quizapp.db import db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.items.keys import partners
from quizapp.items.kinds import CHOICE, SCORABLE
from quizapp.items.lint import SEVERITIES
from quizapp.pages.access import for_roles
from quizapp.pages.language import today
from quizapp.quiz import composing, contests, decisions, exposure, outdated, quizzes
from quizapp.reports.solutions import accepted

bp = Blueprint("banks", __name__)

MOST_DAYS = 90


@bp.get("/banks")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """All live banks."""
    session = db.session()
    rows = []
    for bank, revision in banks.live(session):
        places = banks.places(session, bank)
        rows.append(
            {
                "bank": bank,
                "revision": revision,
                "items": len(places),
                "unkeyed": banks.unkeyed(session, bank),
                "quiz": quizzes.of_bank(session, bank),
            }
        )
    return render_template(
        "banks/index.html",
        rows=rows,
        objections=len(contests.objections(session, waiting=True)),
        conflicts=len(conflicts.open_ones(session)),
        moved=len(moves.asked(session)),
    )


@bp.get("/banks/<slug>")
@for_roles("trainer")
def bank(slug: str) -> ResponseReturnValue:
    """A bank's items as they are, with their keys."""
    return _bank_page(banks.find(db.session(), slug))


def _bank_page(found: Bank, problem: str = "") -> ResponseReturnValue:
    session = db.session()
    places = banks.places(session, found)
    ids = [place.revision.id for place in places]
    revision = banks.current(session, found)
    ready = quizzes.pool(session, found, published=False)
    status = keys.statuses(session, ids)
    reviews = contests.reviews(
        session, [s.key_id for s in status.values() if s.key_id], clock.now()
    )
    page = render_template(
        "banks/bank.html",
        bank=found,
        revision=revision,
        places=places,
        keys=status,
        decided=decisions.of_items(session, [place.item.id for place in places]),
        outdated=outdated.of_items(session, [place.item.id for place in places]),
        in_use=decisions.asked_of(session, [place.item.id for place in places]),
        reviews=reviews,
        unpublished=[r for r in reviews.values() if r.state in ("draft", "submitted")],
        objections=sum(r.contests for r in reviews.values()),
        second=current_app.config["SECOND_TRAINER"],
        most_days=MOST_DAYS,
        accepted=accepted,
        partners=partners,
        lint=linting.of_bank(session, found, today()),
        message=message,
        cited=citations.cited_by(session, ids, today()),
        quiz=quizzes.of_bank(session, found),
        parts_of=composing.drawing_from(session, found),
        exposed=exposure.of_items(session, [place.item.id for place in places]),
        ready=len(ready),
        exam=sum(p.revision.use == "exam" and p.revision.kind in SCORABLE for p in places),
        cut_score=quizzes.last_cut_score(session, found),
        choices=any(p.revision.kind in CHOICE for p in places),
        unkeyed=sum(
            p.revision.kind in CHOICE
            and status[p.revision.id].confirmed is None
            and status[p.revision.id].waiting_state != "unconfirmed"
            for p in places
        ),
        unlinked=_unlinked(session, found),
        problem=problem,
    )
    return page, 422 if problem else 200


def _unlinked(session: Session, found: Bank) -> list[str]:
    """The questions of a bank that still wait for their section."""
    return [
        row.item.uid
        for row in linking.unlinked(session, today())
        if row.bank.id == found.id and row.note is None
    ]


@bp.get("/banks/<slug>/keys")
@for_roles("trainer")
def key_sheet(slug: str) -> ResponseReturnValue:
    """The first item that waits for a key, or the first."""
    session = db.session()
    found = banks.find(session, slug)
    places = [p for p in banks.places(session, found) if p.revision.kind in CHOICE]
    if not places:
        raise Missing
    status = keys.statuses(session, [p.revision.id for p in places])
    first = next((p for p in places if status[p.revision.id].confirmed is None), places[0])
    return redirect(url_for("banks.key", slug=slug, uid=first.item.uid), 303)


@bp.route("/banks/<slug>/items/<uid>/key", methods=["GET", "POST"])
@for_roles("trainer")
def key(slug: str, uid: str) -> ResponseReturnValue:
    """Key one item; letters in the order of the file."""
    session = db.session()
    found = banks.find(session, slug)
    places = [p for p in banks.places(session, found) if p.revision.kind in CHOICE]
    index = next((i for i, p in enumerate(places) if p.item.uid == uid), None)
    if index is None:
        raise Missing
    place = places[index]
    status = keys.statuses(session, [p.revision.id for p in places])
    problem = ""
    if request.method == "POST":
        selected = tuple(
            sorted({int(v) for v in request.form.getlist("option") if v.isascii() and v.isdigit()})
        )
        try:
            outcome = keys.give(
                session,
                place.revision,
                selected,
                "page",
                by=current_user.public_id,
                now=clock.now(),
            )
            session.commit()
        except Invalid as error:
            stop_writing()
            problem = str(error.message)
        else:
            if outcome == "proposed":
                flash(
                    gettext(
                        "Somebody has already answered %(item)s: the change is kept as a proposal"
                        " and no score moves.",
                        item=uid,
                    ),
                    "warning",
                )
            waiting = [status[p.revision.id].confirmed is None for p in places]
            following = _following(waiting, index)
            if following is None:
                flash(
                    gettext("That was the last question. Publish the keys to ask with them."),
                    "success",
                )
                return redirect(url_for("banks.bank", slug=slug), 303)
            return redirect(url_for("banks.key", slug=slug, uid=places[following].item.uid), 303)
    page = render_template(
        "banks/key.html",
        bank=found,
        revision=banks.current(session, found),
        place=place,
        places=places,
        index=index,
        keys=status,
        cited=citations.cited_by(session, [place.revision.id], today()),
        touched=contests.touched(session, place.item.id),
        problem=problem,
    )
    return page, 422 if problem else 200


def _following(waiting: list[bool], index: int) -> int | None:
    """Where to go from a question: to the next that waits for a key, if this one did."""
    if not waiting[index]:
        return index + 1 if index + 1 < len(waiting) else None
    order = [*range(index + 1, len(waiting)), *range(index)]
    return next((i for i in order if waiting[i]), None)


@bp.post("/banks/<slug>/confirm")
@for_roles("trainer")
def confirm(slug: str) -> ResponseReturnValue:
    """Confirm the keys that were carried over changed items: one, or all that wait."""
    session = db.session()
    found = banks.find(session, slug)
    wanted = request.form.get("item")
    places = banks.places(session, found)
    status = keys.statuses(session, [p.revision.id for p in places])
    waiting = [
        p
        for p in places
        if status[p.revision.id].waiting_state == "unconfirmed"
        and (wanted is None or p.item.uid == wanted)
    ]
    for place in waiting:
        keys.confirm(session, place.revision, by=current_user.public_id, now=clock.now())
    session.commit()
    count = len(waiting)
    flash(ngettext("%(num)s key confirmed.", "%(num)s keys confirmed.", count), "success")
    return redirect(url_for("banks.bank", slug=slug), 303)


@bp.post("/banks/<slug>/publish")
@for_roles("trainer")
def publish(slug: str) -> ResponseReturnValue:
    """Publish the bank as a quiz."""
    session = db.session()
    found = banks.find(session, slug)
    text = request.form.get("cut_score", "").strip().replace(",", ".")
    try:
        try:
            cut_score = float(text) if text else None
        except ValueError as error:
            raise Invalid(gettext("The cut score is a percentage from 0 to 100.")) from error
        listed = quizzes.of_bank(session, found)
        quiz = quizzes.publish(
            session,
            found,
            cut_score,
            by=current_user.public_id,
            now=clock.now(),
            review_days=_review_days(),
            second=current_app.config["SECOND_TRAINER"],
        )
        session.commit()
    except Invalid as error:
        stop_writing()
        return _bank_page(found, str(error.message))
    if quiz is None:
        said = gettext("The keys are submitted: a second trainer has to publish them.")
    elif listed:
        said = gettext("The cut score is changed. Attempts under way keep the one they began with.")
    else:
        said = gettext("The quiz is published: agents can start it now.")
    flash(said, "success")
    return redirect(url_for("banks.bank", slug=slug), 303)


@bp.post("/banks/<slug>/publish-keys")
@for_roles("trainer")
def publish_keys(slug: str) -> ResponseReturnValue:
    """Publish the keys that were given since the quiz was published."""
    session = db.session()
    found = banks.find(session, slug)
    try:
        days = _review_days()
    except Invalid as error:
        return _bank_page(found, str(error.message))
    count = keys.publish(
        session,
        found.slug,
        [place.revision.id for place in banks.places(session, found)],
        by=current_user.public_id,
        now=clock.now(),
        review_days=days,
        second=current_app.config["SECOND_TRAINER"],
    )
    session.commit()
    if count:
        flash(ngettext("%(num)s key published.", "%(num)s keys published.", count), "success")
    else:
        flash(gettext("The keys are submitted: a second trainer has to publish them."), "success")
    return redirect(url_for("banks.bank", slug=slug), 303)


def _review_days() -> int:
    text = request.form.get("review_days", "").strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_DAYS):
        raise Invalid(gettext("The review lasts 0 to %(most)s days.", most=MOST_DAYS))
    return int(text)


@bp.post("/banks/<slug>/close-review")
@for_roles("trainer")
def close_review(slug: str) -> ResponseReturnValue:
    """Confirm a key before its review is over."""
    session, now = db.session(), clock.now()
    found = banks.find(session, slug)
    uid = request.form.get("item", "")
    place = next((p for p in banks.places(session, found) if p.item.uid == uid), None)
    if place is None:
        raise Missing
    key_id = keys.statuses(session, [place.revision.id])[place.revision.id].key_id
    review = contests.reviews(session, [key_id], now)[key_id] if key_id else None
    if key_id and review and review.state == "in-review":
        keys.close_review(session, slug, key_id, by=current_user.public_id, now=now)
        session.commit()
        flash(gettext("The key is confirmed."), "success")
    elif review and review.state == "contested":
        flash(gettext("Answer the objections first."), "warning")
    return redirect(url_for("banks.bank", slug=slug, _anchor=uid), 303)


@bp.post("/banks/<slug>/items/<uid>/accept")
@for_roles("trainer")
def accept(slug: str, uid: str) -> ResponseReturnValue:
    """Accept a remark of the lint for one item: the code goes into its text."""
    session = db.session()
    found = banks.find(session, slug)
    code = request.form.get("code", "")
    if code not in SEVERITIES:
        raise Missing
    editing.accept(session, found, uid, code, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("Accepted for this question."), "success")
    return redirect(url_for("banks.bank", slug=slug, _anchor=uid), 303)


@bp.get("/lint")
@for_roles("trainer")
def lint() -> ResponseReturnValue:
    """What the lint finds in each bank and in the whole library."""
    rows = linting.counts(db.session(), today())
    total = sum((count for _, _, count in rows), Counter[tuple[str, str]]())
    order = {"error": 0, "warning": 1, "info": 2}
    codes = sorted(total, key=lambda key: (order[key[0]], -total[key], key[1]))
    return render_template("banks/lint.html", rows=rows, total=total, codes=codes)


@bp.post("/banks/<slug>/withdraw")
@for_roles("trainer")
def withdraw(slug: str) -> ResponseReturnValue:
    """Take the quiz off the list."""
    session = db.session()
    quiz = quizzes.of_bank(session, banks.find(session, slug))
    if quiz is None:
        raise Missing
    quizzes.withdraw(session, quiz, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("The quiz is off the list. Attempts under way may still be finished."), "success")
    return redirect(url_for("banks.bank", slug=slug), 303)
