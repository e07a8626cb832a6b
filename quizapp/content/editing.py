"""Editing on a page: the native text goes through the same parser and becomes a revision."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext
from sqlalchemy.orm import Session

from quizapp.content import bank_store, banks, keys, pictures, procedures
from quizapp.content.arrivals import Arrival
from quizapp.content.items import key_of, kind_with
from quizapp.content.models import Bank, Procedure
from quizapp.errors import Invalid, Missing, Refused
from quizapp.formats import model
from quizapp.formats.ids import chunk_of, with_ids
from quizapp.formats.item_writer import write_item
from quizapp.formats.reader import read
from quizapp.items.keys import accepts, alternatives
from quizapp.items.kinds import CHOICE, Kind

LONGEST_REASON = 500


class Stale(Refused):
    """Somebody saved another version meanwhile; the text that was sent is not lost."""


class Faulty(Invalid):
    """The text has errors; `problems` says which."""

    def __init__(self, problems: tuple[model.Problem, ...]) -> None:
        super().__init__(gettext("The text has errors: mend the lines that are marked."))
        self.problems = problems


@dataclass(frozen=True)
class Text:
    """A document's text as a page edits it, and the number of the revision it is of."""

    slug: str
    name: str
    text: str
    number: int


def bank_text(session: Session, bank: Bank) -> Text:
    """A bank's native text with the ids and the keys that its items have here.

    What needs neither stays as it was written. Of several keys that are accepted the text holds
    one: the one that stands there, else the first.
    """
    revision = banks.current(session, bank)
    name = f"{bank.slug}.md"
    document = read(name, revision.source.encode())
    if not isinstance(document, model.Bank):
        raise Missing
    here = [place for place in banks.places(session, bank) if place.label]
    items = tuple(
        replace(item, id=place.item.uid) for item, place in zip(document.items, here, strict=False)
    )
    text = Text(bank.slug, name, with_ids(replace(document, id=bank.slug, items=items)), 0)
    status = keys.statuses(session, [place.revision.id for place in here])
    for item, place in zip(items, here, strict=False):
        value = status[place.revision.id].value
        if item.kind in CHOICE and value is not None and not _holds(item, value):
            first = dict(alternatives(value)[0])
            text = replace(text, text=with_changed_item(text, item.id, _keyed(first)))
    return replace(text, number=revision.number)


def _holds(item: model.Item, value: dict[str, Any]) -> bool:
    """Whether an item's text has this key already."""
    written = key_of(item)
    return written is not None and accepts(value, written)


def _keyed(value: dict[str, Any]) -> Callable[[model.Item], model.Item]:
    def change(item: model.Item) -> model.Item:
        pairs = zip(item.options, value["fractions"], strict=True)
        options = tuple(replace(option, fraction=fraction) for option, fraction in pairs)
        kind = cast(Kind, kind_with(item.kind, value))
        return replace(item, kind=kind, key="given", options=options, doubt=())

    return change


def procedure_text(session: Session, procedure: Procedure) -> Text:
    """A procedure's text as it is kept."""
    revision = procedures.newest(session, procedure)
    ending = "txt" if revision.format == "text" else "md"
    return Text(procedure.slug, f"{procedure.slug}.{ending}", revision.source, revision.number)


def check(name: str, text: str) -> model.Document:
    """What a text would become."""
    return read(name, text.encode())


def save_bank(
    session: Session,
    bank: Bank,
    text: str,
    base_number: int,
    *,
    by: str,
    now: datetime,
    reason: str,
    spelling: bool = False,
) -> bank_store.Stored:
    """Make a text the bank's newest revision. Raises Stale, Faulty or Invalid.

    With `spelling` somebody says that no question asks anything else: keys stay as they are.
    """
    if banks.current(session, bank).number != base_number:
        raise _stale()
    document = _checked(f"{bank.slug}.md", text)
    if not isinstance(document, model.Bank) or document.id != bank.slug:
        raise Invalid(
            gettext("The text is no longer the bank “%(id)s”: keep its id.", id=bank.slug)
        )
    arrival = Arrival(by, now, "page", reason=_reason(reason), spelling=spelling)
    pictures.keep(session, document.images, by=by, now=now)
    return bank_store.store(session, document, arrival)


def save_procedure(
    session: Session,
    procedure: Procedure,
    text: str,
    base_number: int,
    *,
    by: str,
    now: datetime,
    reason: str,
) -> str:
    """Make a text the procedure's newest revision. Raises Stale, Faulty or Invalid."""
    if procedures.newest(session, procedure).number != base_number:
        raise _stale()
    name = procedure_text(session, procedure).name
    document = _checked(name, text)
    if not isinstance(document, model.Procedure) or document.id != procedure.slug:
        raise Invalid(
            gettext("The text is no longer the procedure “%(id)s”: keep its id.", id=procedure.slug)
        )
    arrival = Arrival(by, now, "page", reason=_reason(reason))
    pictures.keep(session, document.images, by=by, now=now)
    return procedures.store(session, document, arrival)


def accept(session: Session, bank: Bank, uid: str, code: str, *, by: str, now: datetime) -> None:
    """Note in an item's text that a remark of the lint is accepted. Raises Missing."""
    text = bank_text(session, bank)

    def change(item: model.Item) -> model.Item:
        return replace(item, accepted=tuple(dict.fromkeys((*item.accepted, code))))

    reason = gettext("%(item)s: %(code)s accepted", item=uid, code=code)
    changed = with_changed_item(text, uid, change)
    save_bank(session, bank, changed, text.number, by=by, now=now, reason=reason)


def item_text(text: Text, uid: str) -> str:
    """The part of a bank's text that is one item. Raises Missing."""
    first, after = _chunk(text, uid)
    return "\n".join(text.text.split("\n")[first:after]).strip("\n")


def with_item(text: Text, uid: str, chunk: str) -> str:
    """A bank's text with another text for one item. Raises Missing."""
    first, after = _chunk(text, uid)
    lines = text.text.split("\n")
    return "\n".join([*lines[:first], chunk.strip("\n"), "", *lines[after:]])


def with_changed_item(text: Text, uid: str, change: Callable[[model.Item], model.Item]) -> str:
    """A bank's text with one item changed and written anew. Raises Missing."""
    document = read(text.name, text.text.encode())
    if not isinstance(document, model.Bank):
        raise Missing
    found = next(((i, item) for i, item in enumerate(document.items, 1) if item.id == uid), None)
    if found is None:
        raise Missing
    position, item = found
    return with_item(text, uid, write_item(change(item), position))


def _chunk(text: Text, uid: str) -> tuple[int, int]:
    document = read(text.name, text.text.encode())
    if not isinstance(document, model.Bank):
        raise Missing
    try:
        return chunk_of(document, uid)
    except KeyError as error:
        raise Missing from error


def _checked(name: str, text: str) -> model.Document:
    document = check(name, text)
    errors = tuple(p for p in document.problems if p.severity == "error")
    if errors or isinstance(document, model.Unreadable):
        raise Faulty(document.problems)
    return document


def _stale() -> Stale:
    return Stale(gettext("Somebody saved another version meanwhile. Compare, then save again."))


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Invalid(gettext("Say in a few words why: it is kept with the version."))
    return reason[:LONGEST_REASON]
