"""Programs by person: in which order people and programs stand."""

from quizapp import clock
from quizapp.reports import programs
from tests.certification.making import PASS, READ_ONE, add_program, enrol


def test_what_concerns_most_of_a_team_comes_first(session, cast, quiz):
    brought = add_program(session, PASS, slug="antiga")
    wanted = add_program(session, READ_ONE, slug="nova")
    enrol(session, brought, cast.ana)
    for who in (cast.ana, cast.bia):
        enrol(session, wanted, who)
    report = programs.of_team(session, cast.norte.id, cast.bruno.id, clock.now())
    assert [column.slug for column in report.programs] == ["nova", "antiga"]
    ana, bia = report.rows
    assert [cell.is_open for cell in ana.cells] == [True, True]
    assert [cell.is_open for cell in bia.cells] == [True, False]


def test_a_program_s_people_stand_by_number_as_names_are_not_shown(session, cast, quiz):
    program = add_program(session, READ_ONE)
    numbers = {cast.ana: "31002", cast.bia: "999", cast.gil: "31001", cast.hugo: None}
    cast.hugo.email = "hugo@example.com"
    for who, number in numbers.items():
        who.employee_number = number
        enrol(session, program, who)
    session.flush()
    rows = programs.of_program(session, program.id, clock.now())
    assert [row.employee_number for row in rows] == ["999", "31001", "31002", None]
