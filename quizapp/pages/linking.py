"""Questions without a section, sections without a question, and what is to be written."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp import clock
from quizapp.content import banks, linking, search
from quizapp.db import db
from quizapp.errors import Missing
from quizapp.pages.access import for_roles, me
from quizapp.pages.language import today

bp = Blueprint("linking", __name__)

MOST_FOUND = 9  # each has a key: 1 to 9


@bp.get("/links")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """What is not linked yet, on both sides."""
    session = db.session()
    return render_template(
        "linking/index.html",
        rows=linking.unlinked(session, today()),
        sections=linking.uncovered(session, today()),
    )


@bp.route("/banks/<slug>/items/<uid>/link", methods=["GET", "POST"])
@for_roles("trainer")
def item(slug: str, uid: str) -> ResponseReturnValue:
    """One question, and the sections that it may be about: one key links it."""
    session = db.session()
    bank = banks.find(session, slug)
    waiting = [row for row in linking.unlinked(session, today()) if row.note is None]
    if request.method == "POST":
        following = _following(waiting, bank.id, uid)
        _act(bank.slug, uid)
        session.commit()
        if following is None:
            flash(gettext("That was the last question without a section."), "success")
            return redirect(url_for("banks.bank", slug=bank.slug), 303)
        after = url_for("linking.item", slug=following.bank.slug, uid=following.item.uid)
        return redirect(after, 303)
    place = next((p for p in banks.places(session, bank) if p.item.uid == uid), None)
    if place is None:
        raise Missing
    words = request.args.get("words", "").strip()[:200]
    if words:
        hits = search.find_sections(session, words, today(), MOST_FOUND)
    else:
        hits = linking.proposals(session, place.revision, today())
    return render_template(
        "linking/item.html",
        bank=bank,
        title=banks.current(session, bank).title,
        place=place,
        words=words,
        hits=hits,
        left=len(waiting),
        following=_following(waiting, bank.id, uid),
    )


def _following(waiting: list[linking.Unlinked], bank_id: int, uid: str) -> linking.Unlinked | None:
    """The next question that waits: below this one, else the first of the others."""
    here = next(
        (i for i, r in enumerate(waiting) if r.bank.id == bank_id and r.item.uid == uid), None
    )
    if here is None:
        return waiting[0] if waiting else None
    others = waiting[here + 1 :] + waiting[:here]
    return others[0] if others else None


def _act(slug: str, uid: str) -> None:
    session, now = db.session(), clock.now()
    bank = banks.find(session, slug)
    chosen = request.form.get("section", "")
    if chosen == "unwritten":
        note = request.form.get("note", "")
        linking.to_be_written(session, bank, uid, note, by=me().public_id, now=now)
        flash(gettext("Noted: to be written."), "success")
    elif chosen:
        linking.link(
            session,
            bank,
            uid,
            chosen,
            by=me().public_id,
            now=now,
            reason=gettext("%(item)s cites %(section)s", item=uid, section=chosen),
        )
        flash(gettext("%(item)s now cites %(section)s.", item=uid, section=chosen), "success")
