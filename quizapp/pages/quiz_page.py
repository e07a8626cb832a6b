"""The trainer's page of one quiz: how it stands, what it asks, what is to be said of it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from quizapp.content import banks
from quizapp.db import db
from quizapp.pages import quiz_words as words
from quizapp.people import audience, teams
from quizapp.quiz import allowances, composing, exposure, panel_results, panels, quizzes
from quizapp.quiz.blueprints import Part, fits
from quizapp.quiz.composing import Draft
from quizapp.quiz.models import Quiz
from quizapp.quiz.rules import Rules, needed


def show(found: Quiz, problem: str = "") -> ResponseReturnValue:
    """The page, with what was refused, if anything."""
    session = db.session()
    revision = quizzes.revision_of(session, found)
    blueprint, rules = quizzes.blueprint_of(session, found), quizzes.rules_of(session, found)
    drafted = composing.draft(session, found.use, blueprint, 0)
    titles = banks.titles(session)
    twin = practice = None
    if found.use == "exam":
        twin = composing.practice_of(session, blueprint)
        practice = twin is None and bool(composing.practice_parts(session, blueprint))
    page = render_template(
        "quiz_editor/quiz.html",
        quiz=found,
        state=quizzes.state_of(found),
        states=words.STATES,
        revision=revision,
        remarks=[
            words.say(r) for r in composing.remarks(session, found.use, blueprint, rules, drafted)
        ],
        items=len(drafted.drawn),
        cut=cut_in_items(rules, drafted),
        panel=panels.open_of(session, found),
        cut_by=rules.cut_by,
        unjudged=panel_results.unjudged(session, found, rules.cut_by) if rules.cut_by else [],
        parts=[
            (
                words.part_line(part, titles),
                _needs(part, drafted),
                len(fits(part, drafted.candidates)),
            )
            for part in blueprint.parts
        ],
        lines=_rules_lines(found, titles),
        exposed=exposure.of_quiz(session, found),
        limit=rules.exposure_limit,
        twin=twin,
        practice=practice,
        allowances=allowances.listed(session, quiz=found),
        teams=teams.every_team(session),
        whose=[team.name for team in audience.of(session, "quiz", found.slug)],
        sent=request.form,
        problem=problem,
    )
    return page, 422 if problem else 200


def _needs(part: Part, drafted: Draft) -> int:
    if part.items:
        return len(part.items)
    return len(fits(part, drafted.candidates)) if part.n is None else part.n


def _rules_lines(found: Quiz, titles: dict[str, str]) -> dict[str, str]:
    session = db.session()
    said = words.lines(
        found.title,
        quizzes.blueprint_of(session, found),
        quizzes.rules_of(session, found),
        titles,
    )
    # The page shows these in their own places, and leaves out what does not apply.
    elsewhere = {gettext("Title"), gettext("Parts"), gettext("Cut score")}
    nothing = {gettext("none"), gettext("no")}
    return {
        name: text for name, text in said.items() if name not in elsewhere and text not in nothing
    }


def cut_in_items(rules: Rules, drafted: Draft) -> str:
    """The cut score of this form in items, or in points where items differ in worth."""
    form = [(drafted.candidates[place.candidate].name, place.points) for place in drafted.drawn]
    plain = all(points == 1 for _, points in form)
    return words.cut_in_items(needed(rules.cut_of(form), drafted.points), drafted.points, plain)
