"""Who is added, who belongs where."""

import pytest

from quizapp import clock
from quizapp.errors import Invalid, Missing
from quizapp.people import teams


def add(session, **fields):
    given = {"name": "Nova Pessoa", "role": "agent", "employee_number": "5001", **fields}
    return teams.add_user(session, by="t", now=clock.now(), **given)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "  "},
        {"role": "boss"},
        {"employee_number": "", "email": ""},
        {"email": "no-address"},
        {"employee_number": "a@b"},
        {"employee_number": "1001"},
    ],
)
def test_what_is_missing_malformed_or_taken_is_refused(session, cast, fields):
    with pytest.raises(Invalid):
        add(session, **fields)


def test_the_number_of_somebody_who_left_brings_them_back_instead(session, cast):
    teams.leave(session, cast.ana, by="t", now=clock.now())
    with pytest.raises(Invalid, match=r"left|saiu"):
        add(session, employee_number="1001")


def test_an_agent_is_in_one_team(session, cast):
    with pytest.raises(Invalid):
        teams.set_teams(session, cast.ana, [cast.norte, cast.sul], by="t", now=clock.now())


def test_moving_keeps_the_time_in_the_old_team(session, cast):
    teams.set_teams(session, cast.ana, [cast.sul], by="t", now=clock.now())
    assert teams.team_of(session, cast.ana.id) == cast.sul.id
    with pytest.raises(Missing):
        teams.led_user(session, cast.bruno.id, cast.ana.public_id)
    assert teams.led_user(session, cast.carla.id, cast.ana.public_id) is cast.ana


def test_a_manager_reaches_only_their_own_teams(session, cast):
    assert [t.id for t in teams.led_teams(session, cast.bruno.id)] == [cast.norte.id]
    assert teams.led_team(session, cast.bruno.id, cast.norte.public_id).name == "Norte"
    with pytest.raises(Missing):
        teams.led_team(session, cast.bruno.id, cast.sul.public_id)
    with pytest.raises(Missing):
        teams.led_user(session, cast.bruno.id, cast.gil.public_id)
    with pytest.raises(Missing):
        teams.led_user(session, cast.ana.id, cast.bia.public_id)


def test_a_changed_role_ends_sessions_and_teams(session, cast):
    before = cast.bruno.session_token
    teams.change_user(
        session,
        cast.bruno,
        name="Bruno Gestor",
        role="agent",
        employee_number="9001",
        email="",
        by="t",
        now=clock.now(),
    )
    assert cast.bruno.session_token != before
    assert teams.led_teams(session, cast.bruno.id) == []


def test_the_last_administrator_stays(session, cast):
    with pytest.raises(Invalid):
        teams.leave(session, cast.iara, by="t", now=clock.now())


def test_lists_are_in_the_order_of_the_alphabet_on_every_database(session, cast):
    for name in ("Zona", "água", "Ébano", "erva", "Árvore"):
        teams.add_team(session, name, by="test", now=clock.now())
    found = [team.name for team in teams.every_team(session)]
    assert found == ["água", "Árvore", "Ébano", "erva", "Norte", "Sul", "Vazia", "Zona"]
    people = [user.name for user in teams.everyone(session)]
    assert people == sorted(people)


def test_people_are_looked_up_by_team_by_number_and_by_id_while_they_are_here(session, cast):
    teams.leave(session, cast.hugo, by="t", now=clock.now())
    assert teams.people_of(session, cast.sul.public_id) == [cast.carla, cast.gil]
    assert teams.people_of(session, None) == [cast.iara, cast.teo]
    assert teams.by_numbers(session, ["2001", "1001"]) == [cast.gil, cast.ana]
    assert teams.named_by_number(session, " 2001 ") == cast.gil
    assert teams.find_here(session, [cast.gil.public_id]) == [cast.gil]
    assert teams.team_names(session, [cast.sul.id]) == {cast.sul.id: "Sul"}
    with pytest.raises(Invalid, match="2002"):
        teams.by_numbers(session, ["2001", "2002"])
    with pytest.raises(Invalid):
        teams.named_by_number(session, "2002")
    with pytest.raises(Missing):
        teams.find_here(session, [cast.gil.public_id, cast.hugo.public_id])
    with pytest.raises(Missing):
        teams.find_team(session, "none")
