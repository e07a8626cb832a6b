"""A program's people as a file: by company number, for trainers alone."""

from tests.certification.making import PASS, READ_ONE, acknowledge, add_program, enrol

PLACE = "/exports/program-people.csv?program=trilha"


def test_the_file_has_a_line_for_each_and_no_name(session, sign_in, cast, quiz):
    program = add_program(session, READ_ONE, PASS)
    add_program(session, PASS, slug="outra")
    for who in (cast.ana, cast.gil):
        enrol(session, program, who)
    acknowledge(session, cast.ana, "verificacao")
    cast.ana.employee_number = "=1001"  # a formula, if nobody minds
    cast.teo.locale = "pt_BR"
    session.commit()
    browser = sign_in(cast.teo)
    assert 'href="/exports/program-people.csv?program=trilha"' in browser.get(
        "/trainer/programs/trilha/people"
    )
    data = browser.http.get(PLACE).data
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = data.decode("utf-8-sig").splitlines()
    assert head.split(";")[0] == "Matrícula"
    cells = sorted(row.split(";") for row in rows)
    assert [row[0] for row in cells] == ["'=1001", "2001"]
    assert [row[2:4] for row in cells] == [["1", "2"], ["0", "2"]]
    assert "Agente" not in data.decode()


def test_it_is_a_trainers(session, sign_in, cast, quiz):
    add_program(session, PASS)
    session.commit()
    for user in (cast.ana, cast.bruno, cast.iara):
        sign_in(user).get(PLACE, status=404)
    sign_in(cast.teo).get("/exports/program-people.csv?program=nada", status=404)
