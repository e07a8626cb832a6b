"""The trainer's quizzes: put together, looked at, published, and what became of them."""

from dataclasses import replace
from itertools import pairwise

from flask import Blueprint as Pages
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from quizapp import clock
from quizapp.content import banks
from quizapp.db import begin_writing, db, stop_writing
from quizapp.errors import Invalid, Missing
from quizapp.items import scoring
from quizapp.items.scoring import MINIMUM_ITEMS
from quizapp.pages import quiz_page
from quizapp.pages import quiz_words as words
from quizapp.pages.access import for_roles, reads_first
from quizapp.pages.language import zone
from quizapp.pages.quiz_forms import (
    Minimum,
    PartRow,
    QuizForm,
    check,
    form_data,
    fresh_rules,
    minima_of,
    part_choices,
    read_minima,
    read_rows,
    rearrange,
)
from quizapp.people import audience, teams
from quizapp.quiz import composing, exposure, forms, quizzes
from quizapp.quiz.blueprints import Blueprint, draw, variety
from quizapp.quiz.composing import Draft
from quizapp.quiz.models import Quiz
from quizapp.quiz.rules import Rules

bp = Pages("quiz_editor", __name__, url_prefix="/trainer/quizzes")


@bp.get("")
@for_roles("trainer")
def index() -> ResponseReturnValue:
    """All quizzes: drafts, on the list, taken off it."""
    session = db.session()
    rows = []
    worn, limited = exposure.worn(session), audience.names(session, "quiz")
    for quiz in composing.every(session):
        drafted = composing.draft(session, quiz.use, quizzes.blueprint_of(session, quiz), 0)
        rows.append(
            {
                "quiz": quiz,
                "state": quizzes.state_of(quiz),
                "items": len(drafted.drawn),
                "short": bool(drafted.shortages),
                "worn": worn.get(quiz.id, 0),
                "teams": limited.get(quiz.slug, []),
            }
        )
    return render_template("quiz_editor/index.html", rows=rows, states=words.STATES)


@bp.get("/<slug>")
@for_roles("trainer")
def quiz(slug: str) -> ResponseReturnValue:
    """One quiz: how it stands, what it asks, what is to be said of it."""
    return quiz_page.show(quizzes.find_any(db.session(), slug))


@bp.route("/new", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def new() -> ResponseReturnValue:
    """A new quiz."""
    use = request.values.get("use", "exam")
    use = use if use in words.USES else "exam"
    if request.method == "POST":
        return _edited(None)
    rows = [PartRow(bank, "all") for bank in request.args.getlist("bank")[:9]]
    form = QuizForm(formdata=None, data=form_data("", use, 0, fresh_rules(use), zone()))
    return _form_page(None, form, rows, [], [])


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@for_roles("trainer")
@reads_first
def edit(slug: str) -> ResponseReturnValue:
    """Change a quiz; each save is a version of its own."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    if request.method == "POST":
        return _edited(found)
    revision = quizzes.revision_of(session, found)
    blueprint, rules = quizzes.blueprint_of(session, found), quizzes.rules_of(session, found)
    form = QuizForm(
        formdata=None, data=form_data(found.title, found.use, revision.number, rules, zone())
    )
    form.shuffle.data = blueprint.shuffle
    minima = [Minimum(name, words.number(value)) for name, value in rules.minima.items()]
    rows = [PartRow.of(part) for part in blueprint.parts]
    return _form_page(found, form, rows, minima, sorted(blueprint.eliminatory))


def _edited(found: Quiz | None) -> ResponseReturnValue:
    """What a button of the form does: arrange the parts, look at it, or save."""
    session = db.session()
    form, rows, minima = QuizForm(), read_rows(request.form), read_minima(request.form)
    if found is not None:
        form.use.data = found.use
    eliminatory = request.form.getlist("eliminatory")
    do = request.form.get("do", "save")
    if do not in ("save", "check"):
        rearrange(rows, do, request.form.get("bank", ""), set(banks.titles(session)))
        return _form_page(found, form, rows, minima, eliminatory, here=do)
    # All of them, so that everything that is wrong is said at once.
    is_right = form.validate()
    parts, needs = [row.part() for row in rows], minima_of(minima)
    given = [part for part in parts if part is not None]
    if not is_right or needs is None or len(given) < len(parts):
        problem = gettext("Not saved: see the fields below.")
        return _form_page(found, form, rows, minima, eliminatory, problem)
    blueprint = Blueprint(tuple(given), frozenset(eliminatory), form.shuffle.data)
    present = None if found is None else quizzes.rules_of(session, found)
    rules = form.rules(needs, zone(), present)
    if not check(form, blueprint, rules):
        problem = gettext("Not saved: see the fields below.")
        return _form_page(found, form, rows, minima, eliminatory, problem)
    if do == "check":
        return _form_page(found, form, rows, minima, eliminatory, seen=(blueprint, rules))
    begin_writing()
    by, now = current_user.public_id, clock.now()
    try:
        if found is None:
            saved = composing.create(
                session, form.title.data or "", form.use.data, blueprint, rules, by=by, now=now
            )
        else:
            composing.change(
                session,
                found,
                form.title.data or "",
                blueprint,
                rules,
                number=request.form.get("number", 0, type=int),
                reason=form.reason.data or "",
                by=by,
                now=now,
            )
            saved = found
        session.commit()
    except Invalid as error:
        stop_writing()
        return _form_page(found, form, rows, minima, eliminatory, str(error.message))
    flash(gettext("Saved. Attempts under way keep the rules they began with."), "success")
    return redirect(url_for("quiz_editor.quiz", slug=saved.slug), 303)


def _form_page(
    found: Quiz | None,
    form: QuizForm,
    rows: list[PartRow],
    minima: list[Minimum],
    eliminatory: list[str],
    problem: str = "",
    *,
    seen: tuple[Blueprint, Rules] | None = None,
    here: str = "",
) -> ResponseReturnValue:
    session = db.session()
    use = form.use.data if form.use.data in words.USES else "exam"
    offers = composing.offers(session, use, tuple({row.bank for row in rows}))
    known = {name for offer in offers.values() for name in offer.competencies}
    missing = sorted(known - {one.competency for one in minima})
    remarks, cut = [], ""
    if seen is not None:
        blueprint, rules = seen
        drafted = composing.draft(session, use, blueprint, 0)
        remarks = [words.say(r) for r in composing.remarks(session, use, blueprint, rules, drafted)]
        cut = quiz_page.cut_in_items(rules, drafted)
    page = render_template(
        "quiz_editor/edit.html",
        quiz=found,
        form=form,
        rows=rows,
        choices=[part_choices(row, offers.get(row.bank)) for row in rows],
        offers=offers,
        banks=banks.titles(session),
        minima=[*minima, *(Minimum(name) for name in missing)],
        fewest=MINIMUM_ITEMS,
        eliminatory=eliminatory,
        zone=zone().key,
        by_judges=found is not None and quizzes.rules_of(session, found).cut_by is not None,
        problem=problem,
        seen=seen is not None,
        remarks=remarks,
        cut=cut,
        here=here,
    )
    return page, 422 if problem else 200


@bp.get("/<slug>/preview")
@for_roles("trainer")
def preview(slug: str) -> ResponseReturnValue:
    """A form as somebody would get it, without its key; the seed is in the address."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    blueprint, rules = quizzes.blueprint_of(session, found), quizzes.rules_of(session, found)
    seed = request.args.get("seed", 1, type=int) % 2**53
    drafted = composing.draft(session, found.use, blueprint, seed)
    titles = banks.titles(session)
    drawn = [(place, drafted.ready[place.candidate]) for place in drafted.drawn]
    content = quizzes.texts(session, [one for _, one in drawn])
    return render_template(
        "quiz_editor/preview.html",
        quiz=found,
        seed=seed,
        items=[
            forms.show(
                position,
                one.kind,
                content[one.revision.id],
                forms.order(one.kind, content[one.revision.id], seed, one.item.uid),
                None,
                scoring.cap(one.kind, one.key, rules.policy),
                place.points,
                place.eliminatory,
            )
            for position, (place, one) in enumerate(drawn, start=1)
        ],
        names=[drafted.candidates[place.candidate].name for place in drafted.drawn],
        shortages=[
            (words.part_line(blueprint.parts[short.part], titles), short)
            for short in drafted.shortages
        ],
        cut=quiz_page.cut_in_items(rules, drafted),
        by_judges=rules.cut_by is not None,
        forms=variety(blueprint, drafted.candidates),
        shared=_shared(blueprint, drafted, seed),
    )


def _shared(blueprint: Blueprint, drafted: Draft, seed: int) -> int:
    """How many items the next person's form has in common with this one."""
    mine = {place.candidate for place in drafted.drawn}
    after = [
        replace(one, used=one.used + 1) if index in mine else one
        for index, one in enumerate(drafted.candidates)
    ]
    theirs, _ = draw(blueprint, after, seed + 1)
    return len(mine & {place.candidate for place in theirs})


@bp.get("/<slug>/history")
@for_roles("trainer")
def history(slug: str) -> ResponseReturnValue:
    """All versions of a quiz, and what each changed."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    states = composing.history(session, found)
    titles = banks.titles(session)
    said = [
        words.lines(
            state.title, Blueprint.from_json(state.blueprint), Rules.from_json(state.rules), titles
        )
        for state in states
    ]
    changes = [
        [(name, old[name], new[name]) for name in new if new[name] != old[name]]
        for new, old in pairwise(said)
    ]
    return render_template(
        "quiz_editor/history.html",
        quiz=found,
        states=list(zip(states, [*changes, []], strict=True)),
        names=teams.names(session, [state.by for state in states]),
    )


@bp.post("/<slug>/publish")
@for_roles("trainer")
def publish(slug: str) -> ResponseReturnValue:
    """Put a quiz on the list."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    try:
        quizzes.open_quiz(session, found, by=current_user.public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return quiz_page.show(found, str(error.message))
    flash(gettext("The quiz is on the list."), "success")
    return redirect(url_for("quiz_editor.quiz", slug=slug), 303)


@bp.post("/<slug>/withdraw")
@for_roles("trainer")
def withdraw(slug: str) -> ResponseReturnValue:
    """Take a quiz off the list."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    if quizzes.state_of(found) != "published":
        raise Missing
    quizzes.withdraw(session, found, by=current_user.public_id, now=clock.now())
    session.commit()
    flash(gettext("The quiz is off the list. Attempts under way may still be finished."), "success")
    return redirect(url_for("quiz_editor.quiz", slug=slug), 303)


@bp.post("/<slug>/practice")
@for_roles("trainer")
def practice(slug: str) -> ResponseReturnValue:
    """Publish the practice questions of the same banks as a quiz of their own."""
    session = db.session()
    found = quizzes.find_any(session, slug)
    try:
        made = composing.add_practice(session, found, by=current_user.public_id, now=clock.now())
        session.commit()
    except Invalid as error:
        stop_writing()
        return quiz_page.show(found, str(error.message))
    flash(gettext("The practice quiz is on the list."), "success")
    return redirect(url_for("quiz_editor.quiz", slug=made.slug), 303)
