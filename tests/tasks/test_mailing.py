"""E-mail to a real SMTP server: each message once, whatever the server says."""

import logging
import re
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from quizapp import clock
from quizapp.db import db
from quizapp.notices import digests, handover, outbox, sending
from quizapp.notices.models import Mail
from quizapp.people import calendars
from quizapp.tasks import mailing
from tests.mailbox import mailbox

ADDRESSES = {"ana": "ana@example.com", "bia": "bia@example.com", "gil": "gil@example.com"}


@pytest.fixture
def box():
    with mailbox() as made:
        yield made


@pytest.fixture
def couriers(monkeypatch):
    """The couriers' processes, one after the other, as they are started."""
    made = []

    class Watched(handover.Courier):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self._process)

    monkeypatch.setattr(handover, "Courier", Watched)
    return made


@pytest.fixture
def people(app, session, cast, box) -> SimpleNamespace:
    """The cast, three of them with an address, where e-mail is sent."""
    app.config.update(box.settings())
    for name, address in ADDRESSES.items():
        getattr(cast, name).email = address
    session.commit()
    return cast


@pytest.fixture
def tell(session, people):
    """Tell these people something, and make the message about it."""

    def told(*names):
        for name in names:
            person = getattr(people, name).public_id
            args = {"program": "Suporte N1", "on": "2026-11-30", "days": 7}
            outbox.tell(session, person, "due", args, about="/programs/n1", now=clock.now())
            digests.gather(session, person, domain="example.com", now=clock.now())
        session.commit()

    return told


def send(session, later=timedelta(0)):
    mailing.send(session, clock.now() + later)


def mails(session):
    session.commit()
    return session.scalars(
        select(Mail).order_by(Mail.id).execution_options(populate_existing=True)
    ).all()


def states(session):
    return [mail.state for mail in mails(session)]


def wait_over(session):
    """The time has come for what waits."""
    session.execute(update(Mail).values(next_at=clock.now()))
    session.commit()


def test_messages_reach_those_they_are_for(session, box, tell):
    tell("ana", "bia")
    send(session)
    assert [message["To"] for message in box.messages] == ["ana@example.com", "bia@example.com"]
    assert states(session) == ["sent", "sent"]
    message = box.messages[0]
    assert message["From"] == "Treinamento <quiz@example.com>"
    assert message["Message-ID"] == mails(session)[0].message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "pt-BR"
    assert message.get_content_type() == "text/plain"
    assert "“Suporte N1”" in message.get_content()
    assert "https://quiz.example.com/programs/n1" in message.get_content()
    send(session)
    assert len(box.messages) == 2, "what was sent is not sent again"


def test_without_a_server_nothing_is_made_or_sent(app, session, cast, monkeypatch):
    monkeypatch.setattr(digests, "is_day", lambda *_: True)
    cast.ana.email = "ana@example.com"
    outbox.tell(session, cast.ana.public_id, "pass-kept", {}, about="/", now=clock.now())
    session.commit()
    mailing.gather(session, clock.now())
    assert states(session) == []


def test_only_who_is_here_and_has_an_address_is_written_to(session, people, tell, monkeypatch):
    monkeypatch.setattr(digests, "is_day", lambda *_: True)
    for person in (people.ana, people.bia, people.hugo):
        outbox.tell(session, person.public_id, "pass-kept", {}, about="/", now=clock.now())
    people.bia.left_at = clock.now()
    session.commit()
    mailing.gather(session, clock.now())
    assert [mail.person for mail in mails(session)] == [people.ana.public_id]


def test_nobody_is_written_to_while_away_and_nothing_is_lost(session, people, monkeypatch):
    monkeypatch.setattr(digests, "is_day", lambda *_: True)
    now, today = clock.now(), calendars.day_of(None, clock.now())
    outbox.tell(session, people.ana.public_id, "pass-kept", {}, about="/", now=now)
    calendars.add_absence(session, people.ana, "vacation", today, today, by="test", now=now)
    session.commit()
    mailing.gather(session, now)
    assert mails(session) == []
    mailing.gather(session, now + timedelta(days=1))
    assert [mail.person for mail in mails(session)] == [people.ana.public_id]


def test_an_address_is_looked_up_when_the_message_goes(session, box, people, tell):
    tell("ana", "bia")
    people.ana.email = "nova@example.com"
    people.bia.email = None
    session.commit()
    send(session)
    assert [message["To"] for message in box.messages] == ["nova@example.com"]
    assert states(session) == ["sent", "given-up"]


def test_a_refused_address_is_given_up_and_keeps_no_other_waiting(session, box, tell, caplog):
    tell("ana", "bia")
    answers = iter(["550 ana@example.com is unknown here", None])
    box.answers["RCPT"] = lambda: next(answers)
    with caplog.at_level(logging.DEBUG, "quizapp"):
        send(session)
    assert [message["To"] for message in box.messages] == ["bia@example.com"]
    assert [(mail.state, mail.failure) for mail in mails(session)] == [
        ("given-up", "550"),
        ("sent", None),
    ]
    assert "not taken: 550" in caplog.text
    assert "ana@" not in caplog.text


@pytest.mark.parametrize("stage, answer", [("RCPT", "450 later"), ("DATA", "451 later")])
def test_what_is_not_taken_now_is_tried_again_later_and_less_often(
    session, box, tell, stage, answer
):
    tell("ana")
    box.answers[stage] = lambda: answer
    waits = []
    for _ in range(3):
        wait_over(session)
        before = clock.now()
        send(session)
        (mail,) = mails(session)
        assert (mail.state, mail.failure) == ("waiting", answer[:3])
        waits.append(round((mail.next_at - before) / sending.FIRST_WAIT))
    assert waits == [1, 2, 4]
    send(session)
    assert mails(session)[0].tries == 3, "it waits"
    del box.answers[stage]
    wait_over(session)
    send(session)
    assert states(session) == ["sent"]
    assert len(box.messages) == 1


def test_what_is_never_taken_is_given_up_at_last(session, box, tell):
    tell("ana")
    box.answers["DATA"] = lambda: "451 later"
    for _ in range(sending.TRIES):
        assert states(session) == ["waiting"]
        wait_over(session)
        send(session)
    assert [(mail.state, mail.failure) for mail in mails(session)] == [("given-up", "451")]


def test_while_the_server_is_away_nothing_is_lost_or_counted(app, session, box, tell, caplog):
    tell("ana")
    with caplog.at_level(logging.DEBUG, "quizapp"):
        app.config["SMTP_PORT"] = 9  # nobody listens
        for _ in range(3):
            send(session)
        assert [(mail.state, mail.tries) for mail in mails(session)] == [("waiting", 0)]
        app.config["SMTP_PORT"] = box.port
        send(session)
    assert states(session) == ["sent"]
    assert caplog.text.count("takes nothing") == 1, "said once, not at every try"


@pytest.mark.parametrize(
    "stage, answer", [("MAIL", "530 sign in first"), ("MAIL", "451 busy"), ("RCPT", "421 closing")]
)
def test_a_server_that_takes_from_nobody_costs_no_message_a_try(session, box, tell, stage, answer):
    tell("ana", "bia")
    box.answers[stage] = lambda: answer
    send(session)
    assert [(mail.state, mail.tries) for mail in mails(session)] == [("waiting", 0)] * 2
    del box.answers[stage]
    send(session)
    assert len(box.messages) == 2


def test_a_message_whose_answer_was_lost_goes_again_under_the_same_name(session, box, tell):
    tell("ana")
    box.answers["stored"] = lambda: "421 the line breaks"
    send(session)
    del box.answers["stored"]
    wait_over(session)
    send(session)
    first, second = box.ids
    assert first == second == mails(session)[0].message_id
    assert states(session) == ["sent"]


def test_what_a_dead_worker_did_not_hand_over_is_taken_up_after_its_lease(session, box, tell):
    tell("ana")
    claimed = sending.claim(session, clock.now())
    session.commit()
    send(session)
    assert (box.messages, states(session)) == ([], ["sending"])
    assert sending.claim(session, clock.now() + sending.LEASE).tries == 2
    sending.give_up(session, claimed, "550")
    assert states(session) == ["sending"], "the one whose lease is over has no say any more"


def test_what_the_server_took_while_a_worker_died_is_not_sent_again(app, session, box, tell):
    tell("ana", "bia")
    claimed = sending.claim(session, clock.now())
    session.commit()
    journal = Path(app.config["INSTANCE"]) / "mail.journal"
    journal.write_text(f"{claimed.message_id} 1795000000\n<half-a-line")
    wait_over(session)
    send(session)
    assert [message["To"] for message in box.messages] == ["bia@example.com"]
    assert states(session) == ["sent", "sent"]
    assert mails(session)[0].sent_at == datetime.fromtimestamp(1795000000, UTC)


def test_what_the_server_took_is_known_though_the_database_was_away(
    app, session, box, tell, monkeypatch
):
    tell("ana", "bia")

    def away(_session, taken):
        if taken:
            raise OperationalError("UPDATE", {}, Exception("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(sending, "took", away)
        with pytest.raises(OperationalError):
            send(session)
    session.rollback()
    wait_over(session)
    send(session)
    assert [message["To"] for message in box.messages] == ["ana@example.com", "bia@example.com"]
    assert states(session) == ["sent", "sent"]


def test_the_journal_names_messages_and_nobody_and_is_cleared(app, session, box, tell):
    tell("ana")
    send(session)
    journal = Path(app.config["INSTANCE"]) / "mail.journal"
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com> \d{10}\n", journal.read_text())
    assert journal.stat().st_mode & 0o777 == 0o600
    send(session)
    assert journal.read_text() == ""


def test_nobody_sends_while_somebody_elses_courier_does(app, session, box, tell):
    tell("ana")
    with handover.hold(Path(app.config["INSTANCE"])) as journal:
        assert journal is not None
        send(session)
        assert (box.messages, states(session)) == ([], ["waiting"])
    send(session)
    assert states(session) == ["sent"]


def test_a_message_over_which_the_courier_died_goes_again_under_the_same_name(
    session, box, tell, couriers, caplog
):
    tell("ana", "bia")
    box.answers["stored"] = lambda: couriers[-1].kill()
    with caplog.at_level(logging.DEBUG, "quizapp"):
        send(session)
    del box.answers["stored"]
    assert (len(box.messages), states(session)) == (1, ["sending", "waiting"])
    assert "may be sent again" in caplog.text
    assert "@" not in caplog.text
    send(session)
    assert [message["To"] for message in box.messages] == ["ana@example.com", "bia@example.com"]
    wait_over(session)
    send(session)
    assert states(session) == ["sent", "sent"]
    first, _, again = box.ids
    assert first == again == mails(session)[0].message_id


def test_a_message_of_which_workers_die_is_given_up(session, tell):
    tell("ana", "bia")
    now = clock.now()
    for n in range(sending.TRIES):
        taken = [sending.claim(session, now + n * sending.LEASE) for _ in range(2)]
        assert [claimed.tries for claimed in taken] == [n + 1] * 2
    assert sending.claim(session, now + sending.TRIES * sending.LEASE) is None
    assert [(mail.state, mail.failure) for mail in mails(session)] == [("given-up", "silence")] * 2


def test_several_workers_send_each_message_once(app, session, box, people, tell):
    for _ in range(8):
        tell("ana", "bia", "gil")

    def work():
        with app.app_context():
            send(db.session())
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(box.messages) == 24
    assert len(set(box.ids)) == 24
    assert set(states(session)) == {"sent"}


def test_what_was_sent_is_cleared_by_the_worker_after_the_days_of_the_setting(
    app, session, box, tell
):
    app.config["NOTICE_DAYS"] = 31
    tell("ana")
    send(session)
    worker = sys.modules["quizapp.tasks.worker"]  # the package has the command by that name
    (clear,) = [task for task in worker.PERIODIC if task.__name__ == "_clear"]
    clear(session, clock.now() + timedelta(days=30))
    assert states(session) == ["sent"]
    clear(session, clock.now() + timedelta(days=32))
    assert states(session) == []


def test_a_zone_that_is_no_longer_known_keeps_nobody_from_their_message(session, people):
    people.ana.zone = "America/Nowhere"
    session.commit()
    both = mailing.contacts(session, [people.ana.public_id, people.bia.public_id])
    assert {one.zone for one in both.values()} == {"America/Sao_Paulo"}


def test_two_workers_that_gather_at_once_make_one_message(app, session, people, monkeypatch):
    monkeypatch.setattr(digests, "is_day", lambda *_: True)
    outbox.tell(session, people.ana.public_id, "pass-kept", {}, about="/", now=clock.now())
    session.commit()
    present, others = mailing._present, []

    def gather():
        with app.app_context():
            mailing.gather(db.session(), clock.now())
            db.session.remove()

    def meanwhile(*args):
        """This worker has found out who is to be written to; another one is quicker."""
        found = present(*args)
        if not others:
            others.append(threading.Thread(target=gather))
            others[0].start()
            others[0].join()
        return found

    monkeypatch.setattr(mailing, "_present", meanwhile)
    mailing.gather(session, clock.now())
    assert [mail.person for mail in mails(session)] == [people.ana.public_id]


def test_a_worker_that_stood_still_hands_over_nothing_that_others_may_have_taken_up(
    session, box, tell, monkeypatch
):
    tell("ana")
    write, later = mailing._write, clock.now() + sending.LEASE

    with monkeypatch.context() as patch:

        def slow(*args):
            """As on a machine that is put to sleep meanwhile; its steady clock goes on."""
            patch.setattr(clock, "now", lambda: later)
            return write(*args)

        patch.setattr(mailing, "_write", slow)
        send(session)
    assert box.messages == []
    wait_over(session)
    send(session)
    assert (states(session), len(box.messages)) == (["sent"], 1)


def test_what_neither_journal_nor_database_could_keep_is_known_to_the_worker_that_lives(
    app, session, box, tell, monkeypatch
):
    tell("ana", "bia")

    class Full(handover.Journal):
        def clear(self):
            """There is nothing in it."""

    @contextmanager
    def on_a_full_disk(instance):
        with Path("/dev/full").open("r+b", buffering=0) as file:
            yield Full(file.fileno(), instance)

    def away(_session, taken):
        if taken:
            raise OperationalError("UPDATE", {}, Exception("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(handover, "hold", on_a_full_disk)
        patch.setattr(sending, "took", away)
        with pytest.raises(OperationalError):
            send(session)
    session.rollback()
    assert (Path(app.config["INSTANCE"]) / "mail.journal").exists() is False
    wait_over(session)
    send(session)
    assert [message["To"] for message in box.messages] == ["ana@example.com", "bia@example.com"]
    assert states(session) == ["sent", "sent"]
