"""Cards for people without e-mail: their manager's own people, in each one's language."""

import pytest

from quizapp import clock
from quizapp.notices import digests, outbox
from quizapp.pages import handouts

DUE = {"program": "Suporte N1", "on": "2026-11-30", "days": 7}


@pytest.fixture
def told(session, cast):
    """Everybody was told of a program that is due."""
    for person in (cast.ana, cast.bia, cast.gil, cast.bruno):
        outbox.tell(session, person.public_id, "due", DUE, about="/", now=clock.now())
    session.commit()


def test_a_manager_prints_what_their_people_without_e_mail_were_told(
    app, session, sign_in, cast, told
):
    app.config["SMTP_HOST"] = "smtp.example.com"
    cast.bia.email = "bia@example.com"
    cast.ana.locale = "en"
    session.commit()
    page = sign_in(cast.bruno).get("/teams/handouts")
    assert "“Suporte N1” is due in 7 days, on 30 Nov 2026" in page
    assert '<li class="card-item" lang="en">' in page
    assert "with your company number, 1001" in page
    for person in (cast.bia, cast.gil):
        assert person.name not in page
    assert page.count("card-item") == 1
    assert "data-print" in page


def test_where_no_e_mail_is_sent_an_address_makes_no_difference(session, sign_in, cast, told):
    cast.bia.email = "bia@example.com"
    session.commit()
    page = sign_in(cast.bruno).get("/teams/handouts")
    assert page.count("card-item") == 2


def test_what_an_address_did_not_take_is_handed_out(app, session, sign_in, cast, told):
    app.config["SMTP_HOST"] = "smtp.example.com"
    now = clock.now()
    for person, state in ((cast.ana, "sent"), (cast.bia, "given-up")):
        person.email = f"{person.employee_number}@example.com"
        digests.gather(session, person.public_id, domain="example.com", now=now).state = state
    session.commit()
    page = sign_in(cast.bruno).get("/teams/handouts")
    assert cast.bia.name in page
    assert cast.ana.name not in page


def test_each_card_is_in_the_language_of_its_person(session, sign_in, cast, told):
    cast.ana.locale = "en"
    session.commit()
    page = sign_in(cast.bruno).get("/teams/handouts")
    assert "30 Nov 2026" in page
    assert "30/11/2026" in page


def test_what_was_seen_and_what_one_objected_to_is_on_no_card(session, sign_in, cast, told):
    browser = sign_in(cast.bruno)
    for person in (cast.ana, cast.bia):
        outbox.mark_read(session, person.public_id, clock.now())
    args = {"quiz": "Oito", "position": 3}
    for kind in ("contest-answered", "objection-decided"):
        outbox.tell(session, cast.ana.public_id, kind, args, about="/", now=clock.now())
    session.commit()
    page = browser.get("/teams/handouts")
    assert "card-item" not in page
    assert "Oito" not in page


def test_a_card_has_room_for_a_few_notices(session, sign_in, cast):
    for n in range(handouts.MOST + 2):
        args = {"program": f"Trilha {n}", "on": "2026-11-30"}
        outbox.tell(session, cast.ana.public_id, "overdue", args, about="/", now=clock.now())
    cast.ana.locale = "en"
    session.commit()
    page = sign_in(cast.bruno).get("/teams/handouts")
    assert page.count("“Trilha ") == handouts.MOST
    assert "“Trilha 0”" not in page, "the newest come first"
    assert "2 more in quizapp." in page


def test_nobody_else_gets_cards(sign_in, cast, told):
    for person in (cast.ana, cast.teo, cast.iara):
        sign_in(person).get("/teams/handouts", 404)
    assert cast.ana.name not in sign_in(cast.carla).get("/teams/handouts")
