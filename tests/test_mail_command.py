"""`quizapp mail`: whether e-mail works, and how it stands."""

import pytest

from quizapp import clock
from quizapp.notices import digests
from tests.mailbox import mailbox


@pytest.fixture
def box(app):
    with mailbox() as made:
        app.config.update(made.settings())
        yield made


@pytest.fixture
def run(app, session, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en")
    session.commit()

    def invoke(*arguments):
        session.commit()
        return app.test_cli_runner().invoke(args=["mail", *arguments])

    return invoke


def test_it_says_how_messages_stand_and_that_the_server_answers(session, box, run):
    for state in ("waiting", "sending", "sent", "sent", "sent", "given-up"):
        digests.gather(session, state, domain="example.com", now=clock.now()).state = state
    result = run()
    assert result.exit_code == 0, result.output
    assert "2 waiting, 3 sent, 1 given up" in result.output
    assert "answers" in result.output
    assert box.messages == []


def test_a_test_message_is_sent(box, run):
    assert run("--to", "iara@example.com").exit_code == 0
    (message,) = box.messages
    assert (message["To"], message["Subject"]) == ("iara@example.com", "quizapp: a test message")


def test_what_does_not_work_is_said_in_one_line(app, box, run):
    box.answers["RCPT"] = lambda: "550 nobody of that name"
    result = run("--to", "iara@example.com")
    assert (result.exit_code, "did not take the message: 550" in result.output) == (1, True)
    app.config["SMTP_PORT"] = 9  # nobody listens
    result = run()
    assert result.exit_code == 1
    assert "takes no messages at present: ConnectionRefusedError" in result.output
    app.config["SMTP_HOST"] = ""
    result = run()
    assert result.exit_code == 1
    assert "QUIZAPP_SMTP_HOST names no server" in result.output
