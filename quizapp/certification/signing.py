"""Keys that sign certificates: the private half is a file of this installation, the public a row.

The file says who signs, the table who verifies: whichever private key is found here enters its
public half before it signs, so that neither a restored database nor a lost file stops an award.
Several machines on one database sign with a key each.
"""

import base64
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from flask import current_app
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from quizapp.certification.models import SigningKey
from quizapp.db import UtcDateTime
from quizapp.evidence import chain

log = logging.getLogger(__name__)

FILE = "key.pem"


def canonical(printed: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted keys, without spaces, in UTF-8."""
    return json.dumps(
        printed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(printed: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of what is signed: for the evidence."""
    return hashlib.sha256(canonical(printed)).hexdigest()


def seal(session: Session, printed: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """Sign what a certificate prints: the key's id, and the signature (RFC 8032) in base64.

    Makes this installation's key if there is none. Part of the caller's transaction.
    """
    key = _own(_folder()) or _make(_folder())
    raw = _public(key)
    session.execute(
        _ENTER, {"id": id_of(raw), "public_key": base64.b64encode(raw).decode(), "since": now}
    )
    return id_of(raw), base64.b64encode(key.sign(canonical(printed))).decode()


# Portable to both databases; two awards at once may both be the first.
_ENTER = text(
    "INSERT INTO signing_key (id, public_key, since) VALUES (:id, :public_key, :since) "
    "ON CONFLICT DO NOTHING"
).bindparams(bindparam("since", type_=UtcDateTime))


def is_sealed(session: Session, printed: Mapping[str, Any], key_id: str, signature: str) -> bool:
    """Whether one of our keys, replaced or not, signed exactly this."""
    public = session.execute(
        select(SigningKey.public_key).where(SigningKey.id == key_id)
    ).scalar_one_or_none()
    if public is None:
        return False
    try:
        given = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public)).verify(
            given, canonical(printed)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def rotate(session: Session, *, by: str, now: datetime) -> str:
    """Sign with a new key from here on, and return its id; the old private half is destroyed.

    What the old one signed goes on verifying.
    """
    old = _own(_folder())
    new = Ed25519PrivateKey.generate()
    # The file first: should the transaction fail, the key enters itself when it signs.
    _write(_folder(), new, replace=True)
    raw = _public(new)
    session.execute(
        _ENTER, {"id": id_of(raw), "public_key": base64.b64encode(raw).decode(), "since": now}
    )
    replaced = id_of(_public(old)) if old else ""
    session.execute(
        update(SigningKey)
        .where(SigningKey.id == replaced, SigningKey.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    chain.append(
        session,
        "signing.rotated",
        by=by,
        about=id_of(raw),
        at=now,
        data={"replaced": replaced, "public_key": base64.b64encode(raw).decode()},
    )
    return id_of(raw)


def keys(session: Session) -> list[SigningKey]:
    """All keys that verify, the oldest first."""
    return list(session.scalars(select(SigningKey).order_by(SigningKey.since, SigningKey.id)))


def own_id() -> str | None:
    """The id of the key that signs here, None before the first award."""
    key = _own(_folder())
    return id_of(_public(key)) if key else None


def id_of(public: bytes) -> str:
    """A key's id: the first 16 hex digits of the SHA-256 of its public half."""
    return hashlib.sha256(public).hexdigest()[:16]


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "signing"


def _own(folder: Path) -> Ed25519PrivateKey | None:
    """The key in the folder; one that cannot be read is put aside, so that awards go on."""
    path = folder / FILE
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        pass
    log.error("the key that signs certificates cannot be read: a new one is made")
    os.replace(path, folder / f"damaged-{secrets.token_hex(4)}.pem")
    return None


def _make(folder: Path) -> Ed25519PrivateKey:
    """A key, or that of whoever made one at the same moment."""
    made = Ed25519PrivateKey.generate()
    if _write(folder, made, replace=False):
        return made
    return _own(folder) or made


def _write(folder: Path, key: Ed25519PrivateKey, *, replace: bool) -> bool:
    """Put a key into the folder whole or not at all; False where one stands there already."""
    folder.mkdir(mode=0o700, exist_ok=True)
    part = folder / f".{secrets.token_hex(8)}"
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(part, folder / FILE)
        else:
            os.link(part, folder / FILE)  # unlike a rename, never over another one
    except FileExistsError:
        return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
