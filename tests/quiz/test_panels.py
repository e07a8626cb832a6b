"""Judges set a cut score: each form gets that of its own items, and nobody is led by others."""

import json

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.content.models import Item
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence.models import EvidenceEntry
from quizapp.notices import outbox
from quizapp.people import audience
from quizapp.quiz import attempts, blueprints, decisions, panel_results, panels, quizzes, regrade
from quizapp.quiz.blueprints import Blueprint, Candidate, Part
from quizapp.quiz.models import Attempt, AttemptItem, Score
from quizapp.quiz.rules import CutBy, Rules, needed
from tests.quiz.making import add_bank, bank_text, import_text, publish_keys
from tests.quiz.test_attempts import give, right_answers
from tests.quiz.test_starting import make, start

NOW = clock.now()
# Of ten barely ready agents, by each judge: two easy items and two hard ones.
SAID = {
    "teo": {"aa-0": 9, "aa-1": 8, "aa-2": 3, "aa-3": 2},
    "bruno": {"aa-0": 10, "aa-1": 7, "aa-2": 4, "aa-3": 2},
    "carla": {"aa-0": 8, "aa-1": 9, "aa-2": 2, "aa-3": 2},
}


@pytest.fixture
def pooled(session, cast):
    """A quiz of two of four questions, and its panel."""
    add_bank(session, "aa", 4)
    return make(session, Blueprint((Part("aa", n=2),)), Rules(cut_score=80))


def opened(session, cast, quiz, names=tuple(SAID)):
    people = [getattr(cast, name).public_id for name in names]
    return panels.open_panel(session, quiz, people, by=cast.teo.public_id, now=NOW)


def say(session, cast, quiz, panel, name, said=None):
    user = getattr(cast, name)
    for one in panels.of_pool(session, quiz):
        of_ten = (said or SAID[name]).get(one.candidate.uid, 5)
        panels.estimate(session, panel, user.id, one, of_ten, NOW)
    panels.hand_in(session, panel, quiz, user, now=NOW)


def judged(session, cast, quiz):
    panel = opened(session, cast, quiz)
    for name in SAID:
        say(session, cast, quiz, panel, name)
    return panel


def taken(session, cast, quiz):
    panel = judged(session, cast, quiz)
    panel_results.take(session, panel, quiz, "Conferido.", by=cast.teo.public_id, now=NOW)
    return panel


def started(session, user, quiz, uids):
    """An attempt of a form with exactly these items."""
    for seed in range(200):
        drawn = start(session, user, quiz, seed=seed)
        found = session.execute(
            select(Item.uid)
            .join(AttemptItem, AttemptItem.item_id == Item.id)
            .where(AttemptItem.attempt_id == drawn.id)
        ).scalars()
        if set(found) == uids:
            return drawn
        session.rollback()
    raise AssertionError("no such form")


def test_each_form_of_a_pool_has_the_cut_score_of_its_items(session, cast, pooled):
    panel = taken(session, cast, pooled)
    session.commit()
    rules = quizzes.rules_of(session, pooled)
    # (27 + 24 + 9 + 6) / (4 x 30)
    assert (pooled.cut_score, rules.cut_score) == (55.0, 55.0)
    assert rules.cut_by == CutBy(
        panel.public_id,
        {"aa#aa-0": (27, 3), "aa#aa-1": (24, 3), "aa#aa-2": (9, 3), "aa#aa-3": (6, 3)},
    )
    assert "3" in rules.cut_reason
    assert "Conferido." in rules.cut_reason
    results = {}
    for user, uids in ((cast.ana, {"aa-0", "aa-1"}), (cast.bia, {"aa-2", "aa-3"})):
        attempt = started(session, user, pooled, uids)
        give(session, user, attempt, 1, **right_answers(session, attempt)[0])
        attempts.submit(session, user, attempt.public_id, NOW)
        session.commit()
        score = session.execute(select(Score).where(Score.attempt_id == attempt.id)).scalar_one()
        results[user.name] = (attempt.cut_score, score.percent, score.passed)
        # The terms alone give it again, from what is about this form and nothing else.
        terms = Rules.from_json(attempt.terms)
        assert set(terms.cut_by.said) == {f"aa#{uid}" for uid in uids}
        assert terms.cut_of([(f"aa#{uid}", 1) for uid in uids]) == attempt.cut_score
    # (27 + 24) / 60 and (9 + 6) / 60: one right of two passes where little could be asked.
    assert results == {"Ana Agente": (85.0, 50.0, False), "Bia Agente": (25.0, 50.0, True)}
    found = session.execute(
        select(EvidenceEntry.data).where(EvidenceEntry.kind == "attempt.started")
    ).scalars()
    assert {json.loads(data)["cut_by"] for data in found} == {panel.public_id}


def test_a_voided_item_leaves_the_cut_score_that_was_promised(session, cast, pooled):
    taken(session, cast, pooled)
    session.commit()
    attempt = started(session, cast.ana, pooled, {"aa-2", "aa-3"})
    attempts.submit(session, cast.ana, attempt.public_id, NOW)
    session.commit()
    item = session.execute(select(Item).where(Item.uid == "aa-3")).scalar_one()
    about = decisions.subject(session, item)
    ruling = decisions.rule(about, "void", "everyone", None)
    regrade.apply(
        session, decisions.decide(session, about, ruling, reason="Ambígua.", by="teo", now=NOW)
    )
    session.commit()
    session.expire_all()
    last = session.execute(
        select(Score).where(Score.attempt_id == attempt.id).order_by(Score.id.desc())
    ).scalars()
    # Half of the points are given to all; by the items left alone it would have been 30.
    assert (session.get_one(Attempt, attempt.id).cut_score, last.first().passed) == (25.0, True)


def test_points_weigh_and_no_cut_score_is_rounded_up():
    by = CutBy("x", {"a#1": (24, 3), "a#2": (20, 3)})
    # (8 x 1 + 6.66… x 2) x 10 / 3
    assert by.of([("a#1", 1), ("a#2", 2)], 80) == 71.1
    assert by.of([("a#2", 1)], 80) == 66.6
    assert needed(66.6, 3) == 2
    assert by.of([("a#1", 1), ("a#new", 1)], 70) == 75.0, "what nobody judged: the quiz's own"
    assert by.of([], 70) == 70
    rules = Rules(cut_score=71.1, cut_by=by)
    assert Rules.from_json(json.loads(json.dumps(rules.to_json()))) == rules
    assert "cut_by" not in Rules().to_json()
    assert rules.with_cut(71.1).cut_by == by
    assert rules.with_cut(80).cut_by is None


def test_the_mean_form_has_points_times_the_chance_to_be_drawn():
    pool = [Candidate("a", str(n), tags=("x",) if n < 2 else ()) for n in range(4)]
    blueprint = Blueprint((Part("a", items=("3",), points=2), Part("a", by="tag", value="x", n=1)))
    assert panel_results.mean_form(blueprint, pool) == {3: 2, 0: 0.5, 1: 0.5}


def test_what_forms_get_is_drawn_without_reading_the_pool_for_each(
    session, cast, pooled, monkeypatch
):
    panel = judged(session, cast, pooled)
    read = []
    fits = blueprints.fits
    monkeypatch.setattr(blueprints, "fits", lambda *given: read.append(1) or fits(*given))
    found = panel_results.outcome(session, panel, pooled)
    assert found.forms.drawn == panel_results.FORMS
    assert len(read) == 1, "once for its one part"


def test_many_draws_are_as_each_for_itself():
    pool = [Candidate("a", str(n), tags=("x",) if n < 9 else ()) for n in range(30)]
    blueprint = Blueprint((Part("a", n=4), Part("a", by="tag", value="x", n=3)))
    drawn_by = blueprints.draws(blueprint, pool)
    assert [drawn_by(seed) for seed in range(9)] == [
        blueprints.draw(blueprint, pool, seed) for seed in range(9)
    ]


def test_what_the_judges_say_together(session, cast, pooled):
    panel = opened(session, cast, pooled)
    say(session, cast, pooled, panel, "teo")
    say(session, cast, pooled, panel, "bruno")
    for one in panels.of_pool(session, pooled):
        panels.estimate(session, panel, cast.carla.id, one, 0, NOW)
    found = panel_results.outcome(session, panel, pooled)
    assert found.percent is None
    assert len(found.missing) == 4, "what is not handed in does not count"
    with pytest.raises(Invalid, match="aa-0, aa-1, aa-2, aa-3"):
        panel_results.take(session, panel, pooled, "", by="teo", now=NOW)
    say(session, cast, pooled, panel, "carla")
    found = panel_results.outcome(session, panel, pooled)
    assert found.cut.by_judge == pytest.approx(
        {cast.teo.id: 55, cast.bruno.id: 57.5, cast.carla.id: 52.5}
    )
    assert found.percent == 55
    assert (found.forms.lowest, found.forms.highest) == (25, 85)
    with pytest.raises(Refused):
        panels.estimate(session, panel, cast.carla.id, found.asked[0], 9, NOW)
    # An item that comes later needs its judges, too.
    import_text(session, "aa", bank_text("aa", 5))
    publish_keys(session, "aa")
    with pytest.raises(Invalid, match="aa-4"):
        panel_results.take(session, panel, pooled, "", by="teo", now=NOW)
    for name in SAID:
        public_id = getattr(cast, name).public_id
        panels.give_back(session, panel, pooled, public_id, by="teo", now=NOW)
        say(session, cast, pooled, panel, name)
    panel_results.take(session, panel, pooled, "", by="teo", now=NOW)
    assert pooled.cut_score == 54
    import_text(session, "aa", bank_text("aa", 6))
    publish_keys(session, "aa")
    by = quizzes.rules_of(session, pooled).cut_by
    assert panel_results.unjudged(session, pooled, by) == ["aa-5"]


def test_only_three_or_more_who_may_see_the_quiz_judge_and_they_are_told(session, cast, pooled):
    with pytest.raises(Invalid):
        opened(session, cast, pooled, ("teo", "bruno"))
    for agent in (cast.ana, cast.iara):
        with pytest.raises(Missing):
            panels.open_panel(
                session,
                pooled,
                [cast.teo.public_id, cast.bruno.public_id, agent.public_id],
                by="teo",
                now=NOW,
            )
    panel = opened(session, cast, pooled)
    with pytest.raises(Refused):
        opened(session, cast, pooled)
    (told,) = outbox.messages_of(session, cast.bruno.public_id)
    assert (told.kind, told.about) == ("judge-invited", f"/panels/{panel.public_id}")
    assert panels.find(session, panel.public_id, cast.carla)[0] is panel
    audience.limit(session, "quiz", pooled.slug, [cast.norte], by="t", now=NOW)
    assert [user.name for user in panels.eligible(session, pooled)] == [
        "Bruno Gestor",
        "Téo Instrutor",
    ]
    with pytest.raises(Missing):
        panels.find(session, panel.public_id, cast.carla)
    for user in (cast.ana, cast.iara):
        with pytest.raises(Missing):
            panels.find(session, panel.public_id, user)


def test_a_closed_panel_changes_no_more_and_evidence_has_it(session, cast, pooled):
    panel = judged(session, cast, pooled)
    with pytest.raises(Invalid):
        panel_results.drop(session, panel, pooled, " ", by="teo", now=NOW)
    panel_results.drop(session, panel, pooled, "Faltou gente do N2.", by="teo", now=NOW)
    assert pooled.cut_score == 80
    assert not panel_results.was_taken(session, panel)
    (one, *_) = panels.of_pool(session, pooled)
    for act in (
        lambda: panels.estimate(session, panel, cast.teo.id, one, 1, NOW),
        lambda: panels.hand_in(session, panel, pooled, cast.teo, now=NOW),
        lambda: panels.give_back(session, panel, pooled, cast.teo.public_id, by="t", now=NOW),
        lambda: panels.invite(session, panel, pooled, [], by="t", now=NOW),
        lambda: panel_results.take(session, panel, pooled, "", by="t", now=NOW),
        lambda: panel_results.drop(session, panel, pooled, "x", by="t", now=NOW),
    ):
        with pytest.raises(Refused, match=r"terminaram|finished"):
            act()
    rows = session.execute(
        select(EvidenceEntry.kind, EvidenceEntry.data).where(EvidenceEntry.about == panel.public_id)
    ).all()
    assert [kind for kind, _ in rows] == ["panel.opened", *["panel.handed-in"] * 3, "panel.closed"]
    said = json.loads(rows[-1][1])
    assert said["estimates"] == panels.digest(panels.handed_in(session, panel))
    assert (said["taken"], said["cut_score"], len(said["judges"])) == (False, 55.0, 3)
    # A second panel of the quiz stands beside the first, and what that one said stays.
    again = taken(session, cast, pooled)
    assert panel_results.was_taken(session, again)
    assert panel_results.outcome(session, panel, pooled).percent == 55.0
    assert [row[0] for row in panels.listed(session, cast.teo)] == [again, panel]
