"""For whom something is: everybody, or the people of some teams and who leads them."""

import json

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.errors import Invalid
from quizapp.evidence.models import EvidenceEntry
from quizapp.people import audience, teams

EVERYBODY = {"ana", "bia", "gil", "hugo", "bruno", "carla", "teo", "iara"}
WHO_SEES_ALL = {"teo", "iara"}


def limit(session, *chosen, kind="quiz", slug="oito"):
    audience.limit(session, kind, slug, chosen, by="t", now=clock.now())


def seeing(session, cast, kind="quiz", slug="oito"):
    """The names of those of the cast who see it."""
    people = {name: who for name, who in vars(cast).items() if name in EVERYBODY}
    return {n for n, who in people.items() if audience.sees(session, kind, slug, who.id)}


def test_what_has_no_teams_is_for_everybody(session, cast):
    assert seeing(session, cast) == EVERYBODY


def test_what_has_teams_is_for_their_people_and_leaders_and_for_who_sees_all(session, cast):
    limit(session, cast.norte)
    assert seeing(session, cast) == {"ana", "bia", "bruno"} | WHO_SEES_ALL
    limit(session, cast.norte, cast.sul)
    assert seeing(session, cast) == EVERYBODY
    limit(session, cast.sul)
    assert seeing(session, cast) == {"gil", "hugo", "carla"} | WHO_SEES_ALL
    audience.open_up(session, "quiz", "oito", by="t", now=clock.now())
    assert seeing(session, cast) == EVERYBODY


def test_a_limit_is_of_one_kind_and_one_thing(session, cast):
    limit(session, cast.norte)
    assert seeing(session, cast, slug="nove") == EVERYBODY
    assert seeing(session, cast, kind="procedure") == EVERYBODY


def test_whoever_changes_teams_sees_what_is_for_the_new_one(session, cast):
    limit(session, cast.norte)
    teams.set_teams(session, cast.ana, [cast.sul], by="t", now=clock.now())
    teams.set_teams(session, cast.gil, [cast.norte], by="t", now=clock.now())
    teams.set_teams(session, cast.carla, [cast.sul, cast.norte], by="t", now=clock.now())
    seen = seeing(session, cast)
    assert "ana" not in seen
    assert {"gil", "carla"} <= seen


def test_nobody_is_in_no_team(session, cast):
    limit(session, cast.norte)
    assert not audience.sees(session, "quiz", "oito", 10**6)


def test_taking_the_last_team_away_opens_nothing(session, cast):
    limit(session, cast.norte)
    with pytest.raises(Invalid):
        limit(session)
    assert [team.name for team in audience.of(session, "quiz", "oito")] == ["Norte"]


def test_each_change_is_in_the_evidence_and_the_same_again_is_not(session, cast):
    limit(session, cast.sul, cast.norte)
    limit(session, cast.norte, cast.sul)
    entries = session.execute(
        select(EvidenceEntry).where(EvidenceEntry.kind == "audience.set")
    ).scalars()
    (entry,) = entries.all()
    assert entry.about == "oito"
    assert json.loads(entry.data) == {
        "kind": "quiz",
        "teams": sorted([cast.norte.public_id, cast.sul.public_id]),
    }
    assert audience.names(session, "quiz") == {"oito": ["Norte", "Sul"]}
