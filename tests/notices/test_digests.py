"""Digests: one message a day, by daylight, in the person's language."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp.notices import digests, outbox
from quizapp.notices.digests import Contact
from quizapp.notices.models import Mail, Notice

SITE = "https://quiz.example.com"
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)  # in São Paulo
ANA = Contact("Ana Agente", "ana@example.com", "pt_BR", "America/Sao_Paulo")


@pytest.fixture
def tell(session):
    def told(person="ana", kind="pass-kept", now=NOON, **args):
        given = {"quiz": "Oito", "number": 1, **args}
        outbox.tell(session, person, kind, given, about="/quizzes/oito", now=now)
        session.commit()

    return told


def gathered(session, now, contact=ANA):
    """The messages made at a time, by person."""
    waiting = digests.waiting(session)
    people = digests.due(session, dict.fromkeys(waiting, contact), now)
    return {
        person: digests.gather(session, person, domain="example.com", now=now) for person in people
    }


@pytest.mark.parametrize(
    "hour, zone, comes",
    [
        (10, "America/Sao_Paulo", False),  # 7:00
        (11, "America/Sao_Paulo", True),  # 8:00
        (22, "America/Sao_Paulo", True),  # 19:00
        (23, "America/Sao_Paulo", False),  # 20:00
        (11, "America/Manaus", False),  # 7:00
        (12, "America/Manaus", True),  # 8:00
    ],
)
def test_a_message_comes_by_daylight_where_the_person_is(session, tell, hour, zone, comes):
    tell()
    contact = Contact("Ana", "ana@example.com", "pt_BR", zone)
    assert bool(gathered(session, NOON.replace(hour=hour), contact)) is comes


def test_there_is_one_message_a_day_about_all_that_is_new(session, tell):
    tell()
    tell(kind="score-changed")
    (first,) = gathered(session, NOON).values()
    assert session.scalars(select(Notice.mail_id)).all() == [first.id] * 2
    tell(kind="pass-taken")
    assert gathered(session, NOON + timedelta(hours=5)) == {}
    (second,) = gathered(session, NOON + timedelta(hours=20)).values()
    assert session.scalars(select(Notice.mail_id)).all() == [first.id, first.id, second.id]
    assert gathered(session, NOON + timedelta(days=2)) == {}, "nothing is new"


def test_what_was_seen_in_the_application_is_not_written_about(session, tell):
    tell()
    tell(person="bia")
    outbox.mark_read(session, "ana", NOON)
    assert list(gathered(session, NOON)) == ["bia"]


def test_a_message_has_a_name_of_its_own_for_good(session, tell):
    tell()
    tell(person="bia")
    made = gathered(session, NOON).values()
    assert len({mail.message_id for mail in made}) == 2
    assert all(mail.message_id.endswith("@example.com>") for mail in made)
    assert {mail.state for mail in session.scalars(select(Mail))} == {"waiting"}


def letter(session, contact=ANA):
    (mail,) = gathered(session, NOON).values()
    return digests.letter(session, mail.id, contact, SITE)


def test_a_message_says_what_happened_and_where_to_look(session, tell):
    tell(kind="due", program="Suporte N1", on="2026-11-30", days=7)
    subject, text = letter(session, Contact("Ana", "a@b.c", "en", "America/Sao_Paulo"))
    assert subject == "quizapp: 1 notice"
    assert "Hello, Ana." in text
    assert "“Suporte N1” is due in 7 days, on 30 Nov 2026" in text
    assert "https://quiz.example.com/quizzes/oito\n" in text
    assert text.endswith("\n")


def test_each_person_is_written_to_in_their_language(session, tell):
    tell(kind="expiring", program="Suporte N1", on="2026-11-30", days=7)
    (mail,) = gathered(session, NOON).values()
    _, english = digests.letter(session, mail.id, Contact("Ana", "a@b.c", "en", "UTC"), SITE)
    _, portuguese = digests.letter(session, mail.id, ANA, SITE)
    assert "30 Nov 2026" in english
    assert "30/11/2026" in portuguese
    assert digests.letter(session, mail.id, Contact("Ana", "a@b.c", "en", "UTC"), SITE)[1] == (
        english
    ), "the language of one message does not stay for the next"


def test_scores_and_reasons_stay_in_the_application(session, tell):
    tell(kind="score-changed", was=73.3, **{"is": 81.4}, reason="motivo confidencial")
    _, text = letter(session)
    assert "Oito" in text
    assert "73" not in text
    assert "81" not in text
    assert "confidencial" not in text


def test_a_long_silence_does_not_make_a_message_without_end(session, tell):
    for n in range(digests.MOST + 3):
        tell(number=n)
    subject, text = letter(session, Contact("Ana", "a@b.c", "en", "UTC"))
    assert subject == f"quizapp: {digests.MOST + 3} notices"
    assert text.count("•") == digests.MOST
    assert "… and 3 more." in text
