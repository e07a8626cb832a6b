"""Whether a file is a certificate of ours, and says what was signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.certification import carried, certificates, document, signing
from quizapp.certification.certificates import Certificate
from quizapp.errors import Invalid, Missing
from quizapp.sandbox import Child, TooLong, TooMuch

# genuine: byte by byte what is issued. resaved: its pages say the same. edited: they do not.
# forged: what it carries was not signed here. none: it carries nothing.
Verdict = Literal["genuine", "resaved", "edited", "forged", "none"]


@dataclass(frozen=True)
class Checked:
    """A verdict, and what was issued under the identifier that the file names, if anything was."""

    verdict: Verdict
    certificate: Certificate | None = None

    @property
    def is_true(self) -> bool:
        """Whether the words on its pages are those that were signed."""
        return self.verdict in ("genuine", "resaved")


def check(session: Session, data: bytes, now: datetime) -> Checked:
    """Compare a file with what was issued. Raises Invalid for one that is too large."""
    if len(data) > carried.LARGEST:
        raise Invalid(gettext("A certificate is never as large as this file."))
    found = _read(data)
    if found.seal is None:
        return Checked("none")
    fields, key_id, signature = (found.seal[name] for name in ("printed", "key", "signature"))
    try:
        issued = certificates.find(session, str(fields.get("code")), now)
    except Missing:
        return Checked("forged")
    is_ours = (
        signing.is_sealed(session, fields, key_id, signature)
        and signing.canonical(fields) == signing.canonical(issued.row.printed)
        and key_id == issued.row.signing_key_id
    )
    if not is_ours:
        return Checked("forged", issued)
    made = document.pdf(issued.row.printed, issued.row.signing_key_id, issued.row.signature)
    if data == made:
        return Checked("genuine", issued)
    return Checked("resaved" if found.text == _read(made).text else "edited", issued)


def _read(data: bytes) -> carried.Carried:
    with Child("quizapp.certification.carried:read", megabytes=carried.MEGABYTES) as child:
        try:
            found: carried.Carried = child.call(data, seconds=carried.SECONDS)
        except (TooLong, TooMuch):
            return carried.Carried(None, "")
    return found


def said(verdict: Verdict) -> str:
    """A verdict in words."""
    words: dict[Verdict, str] = {
        "genuine": gettext("This file is the certificate that was issued, unchanged."),
        "resaved": gettext(
            "The signed fields are genuine and the words on its pages are those that were issued. "
            "The file itself was saved anew or something was added to it: rely on the fields below."
        ),
        "edited": gettext(
            "What its pages say is not what was issued: the file was edited, or it comes from "
            "another version of this system. Rely on the fields below alone."
        ),
        "forged": gettext("This is no certificate of ours: its signature does not fit."),
        "none": gettext("This file carries no signed certificate."),
    }
    return words[verdict]
