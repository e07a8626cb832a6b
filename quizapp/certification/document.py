"""A certificate as a PDF (A4, PDF/UA-1), made of nothing but what was signed, and the logo.

The texts go in as data, never as markup. The same certificate gives the same bytes, so that
a file shows whether it is the one that was issued.
"""

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale, get_locale, gettext, ngettext

from quizapp import typesetting
from quizapp.certification import carried
from quizapp.certification.signing import canonical

TEMPLATE = Path(__file__).with_name("certificate.typ")


def pdf(printed: Mapping[str, Any], key_id: str, signature: str) -> bytes:
    """The document of a certificate, with its signed fields attached to it."""
    seal = {"printed": printed, "key": key_id, "signature": signature}
    logo = str(current_app.config["COMPANY_LOGO"])
    with force_locale("en" if printed["language"].startswith("en") else "pt_BR"):
        shown = _shown(printed)
    if logo:
        shown["logo"] = f"/{Path(logo).name}"
    changed = Path(logo).stat().st_mtime if logo else 0.0
    return _made(canonical(shown).decode(), canonical(seal).decode(), logo, changed)


@lru_cache(maxsize=16)
def _made(shown: str, seal: str, logo: str, _logo_changed: float) -> bytes:
    # Its date as the document's, not today's.
    awarded_on = date.fromisoformat(json.loads(shown)["date"])
    at = datetime.combine(awarded_on, time(), UTC)
    inputs = {"shown": shown, "seal": seal, "name": carried.NAME}
    return typesetting.made(TEMPLATE, inputs, at, logo)


def _shown(printed: Mapping[str, Any]) -> dict[str, Any]:
    """What the template prints: all texts in the certificate's language, with their labels."""
    is_english = printed["language"].startswith("en")
    shown = {
        "lang": "en" if is_english else "pt",
        "region": "us" if is_english else "br",
        "date": printed["awarded_on"],
        **_front(printed),
        **_contents(printed),
        "page": gettext("Page"),
    }
    cleaned: dict[str, Any] = typesetting.printable(shown)
    return cleaned


def _front(printed: Mapping[str, Any]) -> dict[str, Any]:
    """The first page: who is certified of what, by whom, and where one checks it."""
    return {
        "kind": gettext("Certificate"),
        "head": gettext("Certificate: %(program)s", program=printed["program"]),
        "company": printed["company"],
        "logo": "",
        "logo_alt": gettext("Logo of %(company)s", company=printed["company"] or "quizapp"),
        "certifies": gettext("This certifies that"),
        "name": printed["name"],
        "did": gettext("has completed the program")
        if printed["source"] == "earned"
        else gettext("holds the certification, earned elsewhere before,"),
        "program": printed["program"],
        "facts": _facts(printed),
        "issuer": printed["issuer"],
        "issuer_label": gettext("Responsible for this certificate"),
        "code_label": gettext("Identifier"),
        "code": grouped(printed["code"]),
        "address": printed["address"],
        "check": gettext("Check it at"),
        "qr": _qr(printed["address"]),
        "qr_alt": gettext("QR code that leads to %(address)s", address=printed["address"]),
    }


def _facts(printed: Mapping[str, Any]) -> list[list[str]]:
    facts = []
    if printed["minutes"]:
        facts.append([gettext("Hours"), hours(printed["minutes"])])
    facts.append([gettext("Date of award"), day(printed["awarded_on"])])
    if printed["valid_until"]:
        facts.append([gettext("Valid through"), day(printed["valid_until"])])
    else:
        facts.append([gettext("Validity"), gettext("No expiry")])
    return facts


def _contents(printed: Mapping[str, Any]) -> dict[str, Any]:
    """What was read, passed and waived, and what the signature is for."""
    return {
        "contents": gettext("What was covered"),
        "contents_of": gettext(
            "%(name)s · %(program)s", name=printed["name"], program=printed["program"]
        ),
        "read": gettext("Sections read and acknowledged"),
        "procedures": [
            {
                "title": title,
                "sections": [[entry["section"], short_day(entry["on"])] for entry in of],
            }
            for title, of in by_procedure(printed)
        ],
        "passed": gettext("Passed quizzes"),
        "quizzes": [[entry["quiz"], short_day(entry["on"])] for entry in printed["quizzes"]],
        "waived": gettext("Waived, not asked of this person"),
        "waivers": printed["waived"],
        "entries": sum(len(printed[part]) for part in ("sections", "quizzes", "waived")),
        "signed": gettext(
            "The fields of this document travel in it, digitally signed (Ed25519). Whether it is "
            "valid today, and whether this file was changed, is shown at the address on the first "
            "page."
        ),
    }


def by_procedure(printed: Mapping[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    """The sections under their procedures' titles, in their order; one without a heading by it."""
    return [
        (title, [{**one, "section": one["section"] or title} for one in entries])
        for title, entries in groupby(printed["sections"], lambda one: str(one["procedure"]))
    ]


def hours(minutes: int) -> str:
    """A duration as it is printed: 8 hours, 1 h 30 min."""
    whole, rest = divmod(minutes, 60)
    if rest:
        return gettext("%(h)s h %(m)s min", h=whole, m=rest) if whole else f"{rest} min"
    return str(ngettext("%(n)s hour", "%(n)s hours", whole, n=whole))


def day(iso: str) -> str:
    """A day in words: 22 de novembro de 2026."""
    locale = get_locale()
    form = "d MMMM y" if locale.language == "en" else "long"
    return str(format_date(date.fromisoformat(iso), form, locale=locale))


def short_day(iso: str) -> str:
    """A day in figures: 22/11/2026, in English 22 Nov 2026."""
    form = "d MMM y" if get_locale().language == "en" else "dd/MM/y"
    return str(format_date(date.fromisoformat(iso), form, locale=get_locale()))


def grouped(code: str) -> str:
    """An identifier in groups of four, to be read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _qr(address: str) -> str:
    """A QR code as SVG, error correction M: paper is folded and stained."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=0, dark="#14272b", xmldecl=False, svgns=True
    )
    return out.getvalue().decode()
