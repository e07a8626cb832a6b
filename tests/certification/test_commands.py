"""The commands: certificate verify, signing, signing rotate."""

import pytest

from quizapp import clock
from quizapp.certification import document, signing
from quizapp.db import db
from tests.certification.certified import VALID, act, certify


@pytest.fixture
def row(session, cast):
    return certify(session, cast.ana)


def run(app, *args: str):
    db.session.commit()  # the test's own hold on the database
    return app.test_cli_runner().invoke(args=args, env={"LANG": "en"})


def test_verify_tells_a_file_from_a_forged_one(app, session, row, tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: VALID)
    path = tmp_path / "c.pdf"
    path.write_bytes(document.pdf(row.printed, row.signing_key_id, row.signature))
    result = run(app, "certificate", "verify", str(path))
    assert result.exit_code == 0, result.output
    assert "unchanged" in result.output
    assert "Ana Agente" in result.output
    path.write_bytes(
        document.pdf({**row.printed, "name": "Eva"}, row.signing_key_id, row.signature)
    )
    result = run(app, "certificate", "verify", str(path))
    assert result.exit_code == 1
    assert "no certificate of ours" in result.output
    assert run(app, "certificate", "verify", str(tmp_path / "none")).exit_code == 1


def test_verify_fails_for_what_was_revoked(app, session, row, tmp_path):
    path = tmp_path / "c.pdf"
    path.write_bytes(document.pdf(row.printed, row.signing_key_id, row.signature))
    act(session, row, "revoked")
    result = run(app, "certificate", "verify", str(path))
    assert result.exit_code == 1
    assert "Taken back" in result.output


def test_keys_are_listed_and_replaced(app, session, row):
    old = signing.own_id()
    assert f"{old}" in run(app, "signing").output
    result = run(app, "signing", "rotate")
    assert result.exit_code == 0, result.output
    session.expire_all()
    new = signing.own_id()
    assert new != old
    assert new in result.output
    lines = run(app, "signing").output
    assert "replaced on" in lines
    assert "signs here" in lines
    assert signing.is_sealed(session, row.printed, row.signing_key_id, row.signature)
    assert signing.seal(session, row.printed, clock.now())[0] == new
