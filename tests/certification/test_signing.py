"""Every printed field is signed; keys are made when needed, replaced, and go on verifying."""

import base64
import copy
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from quizapp import clock
from quizapp.certification import signing
from quizapp.certification.models import SigningKey
from quizapp.evidence import chain
from quizapp.evidence.models import EvidenceEntry
from tests.certification.certified import fields


def changed(value: Any) -> Iterator[tuple[str, Any]]:
    """The value once for each thing in it, with that one thing another; and each removed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"-{key}", {k: v for k, v in value.items() if k != key}
            for where, other in changed(inner):
                yield f"{key}.{where}", {**value, key: other}
    elif isinstance(value, list):
        yield "+", [*value, copy.deepcopy(value[0]) if value else ""]
        for n, inner in enumerate(value):
            yield f"-{n}", value[:n] + value[n + 1 :]
            for where, other in changed(inner):
                yield f"{n}.{where}", [*value[:n], other, *value[n + 1 :]]
    elif isinstance(value, str):
        yield "~", value[:-1] + ("1" if value.endswith("0") else "0")
        yield " ", value + " "
    else:
        yield "~", 1 if value is None else value + 1


def test_every_field_that_is_flipped_breaks_the_signature(app, session):
    printed = fields("Ana Agente", waived=["Prova antiga"])
    key_id, signature = signing.seal(session, printed, clock.now())
    assert signing.is_sealed(session, printed, key_id, signature)
    tried = {
        where: signing.is_sealed(session, other, key_id, signature)
        for where, other in changed(printed)
    }
    assert {name for name in printed if f"-{name}" in tried} == set(printed)
    assert len(tried) > 60
    assert not any(tried.values())


def test_every_bit_of_the_signature_counts(app, session):
    printed = fields("Ana Agente")
    key_id, signature = signing.seal(session, printed, clock.now())
    raw = base64.b64decode(signature)
    assert len(raw) == 64
    for bit in range(512):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        given = base64.b64encode(flipped).decode()
        assert not signing.is_sealed(session, printed, key_id, given)
    for nonsense in ("", "?", signature[:-4], signature + "AAAA"):
        assert not signing.is_sealed(session, printed, key_id, nonsense)
    assert not signing.is_sealed(session, printed, "0" * 16, signature)


def test_what_is_signed_survives_the_database_as_it_was(app, session):
    printed = fields("Zoë D’Ávila 🙂 田中")
    again = json.loads(json.dumps(printed))
    assert signing.canonical(again) == signing.canonical(printed)
    decomposed = fields("José", code="0" * 32)
    composed = fields("José", code="0" * 32)
    assert signing.canonical(decomposed) == signing.canonical(composed)


def test_the_private_key_is_for_its_owners_eyes_only_and_stays_the_same(app, session):
    printed = fields("Ana Agente")
    first = signing.seal(session, printed, clock.now())
    folder = Path(app.config["INSTANCE"]) / "signing"
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir()] == ["key.pem"]
    assert (folder / "key.pem").stat().st_mode & 0o077 == 0
    assert signing.seal(session, printed, clock.now()) == first  # Ed25519 has no chance in it
    assert len(signing.keys(session)) == 1


def test_a_key_is_replaced_and_what_the_old_one_signed_still_verifies(app, session):
    now, printed = clock.now(), fields("Ana Agente")
    folder = Path(app.config["INSTANCE"]) / "signing"
    signed = []
    for _ in range(3):
        signed.append(signing.seal(session, printed, now))
        private = (folder / "key.pem").read_bytes()
        new = signing.rotate(session, by="test", now=now)
        session.commit()
        assert (folder / "key.pem").read_bytes() != private
    assert len({key_id for key_id, _ in signed}) == 3
    assert all(signing.is_sealed(session, printed, *pair) for pair in signed)
    assert signing.seal(session, printed, now)[0] == new == signing.own_id()
    keys = {key.id: key.replaced_at for key in signing.keys(session)}
    assert keys == {**{key_id: now for key_id, _ in signed}, new: None}
    entry = session.query(EvidenceEntry).order_by(EvidenceEntry.seq.desc()).first()
    assert (entry.kind, entry.about) == ("signing.rotated", new)
    assert json.loads(entry.data)["replaced"] == signed[-1][0]
    assert chain.first_break(session) is None


def test_an_award_that_fails_leaves_no_key_behind_that_cannot_verify(app, session):
    printed = fields("Ana Agente")
    first = signing.seal(session, printed, clock.now())
    session.rollback()
    assert session.query(SigningKey).count() == 0
    assert signing.seal(session, printed, clock.now()) == first
    session.commit()
    assert signing.is_sealed(session, printed, *first)


def test_a_key_that_is_gone_is_made_anew_as_after_a_restore_elsewhere(app, session):
    printed, now = fields("Ana Agente"), clock.now()
    before = signing.seal(session, printed, now)
    (Path(app.config["INSTANCE"]) / "signing" / "key.pem").unlink()
    after = signing.seal(session, printed, now)
    assert after[0] != before[0]
    assert all(signing.is_sealed(session, printed, *pair) for pair in (before, after))


@pytest.mark.parametrize("found", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_read_is_put_aside_and_stops_no_award(app, session, found, caplog):
    printed, now = fields("Ana Agente"), clock.now()
    before = signing.seal(session, printed, now)
    folder = Path(app.config["INSTANCE"]) / "signing"
    (folder / "key.pem").write_bytes(found)
    after = signing.seal(session, printed, now)
    assert after[0] != before[0]
    assert signing.is_sealed(session, printed, *after)
    assert signing.is_sealed(session, printed, *before)
    assert len(list(folder.glob("damaged-*"))) == 1
    assert "cannot be read" in caplog.text


def test_many_that_need_the_first_key_at_once_make_one(app, session, tmp_path):
    folder = tmp_path / "signing"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: signing._make(folder), range(24)))
    assert len({signing._public(key) for key in made}) == 1
    assert [path.name for path in folder.iterdir()] == ["key.pem"]
