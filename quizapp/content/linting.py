"""The lint, beside what the library holds: other banks' items, the sections there are."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.content import banks, citations, editing
from quizapp.content.models import Bank, BankEntry, BankRevision, Item, ItemRevision
from quizapp.formats import model
from quizapp.formats.linting import lint_bank
from quizapp.formats.reader import read
from quizapp.items.lint import Option, Question, Signature, signature

# What a bank's newest revision looks like to the search for duplicates, by that revision's id.
_signatures: dict[tuple[int, str], tuple[Signature, ...]] = {}
_KEPT = 500


def problems_of(
    session: Session, document: model.Document, today: date
) -> tuple[model.Problem, ...]:
    """What the lint finds in a bank that is not there, or not yet in this state."""
    if not isinstance(document, model.Bank):
        return ()
    known = citations.known(session, _cited(document), today)
    return tuple(lint_bank(document, known=known, library=library(session, but=document.id)))


def of_bank(session: Session, bank: Bank, today: date) -> dict[str, list[model.Problem]]:
    """What the lint finds in a bank as it is: by the item's id, "" for the bank's own."""
    text = editing.bank_text(session, bank)
    document = read(text.name, text.text.encode())
    if not isinstance(document, model.Bank):
        return {}
    starts = [(item.line, item.id) for item in document.items]
    found: dict[str, list[model.Problem]] = {}
    for problem in problems_of(session, document, today):
        above = [uid for line, uid in starts if line <= problem.line]
        found.setdefault(above[-1] if above else "", []).append(problem)
    return found


def counts(
    session: Session, today: date
) -> list[tuple[Bank, BankRevision, Counter[tuple[str, str]]]]:
    """For each live bank how often each (severity, code) stands in it."""
    return [
        (
            bank,
            revision,
            Counter(
                (problem.severity, problem.code)
                for problems in of_bank(session, bank, today).values()
                for problem in problems
            ),
        )
        for bank, revision in banks.live(session)
    ]


def library(session: Session, *, but: str) -> list[Signature]:
    """The items of all live banks but one, for the search for duplicates."""
    found: list[Signature] = []
    for bank, revision in banks.live(session):
        if bank.slug == but:
            continue
        # The id alone could come again, after an import on trial that was rolled back.
        state = revision.id, revision.source_hash
        if state not in _signatures:
            if len(_signatures) >= _KEPT:
                _signatures.clear()
            _signatures[state] = tuple(_read_signatures(session, bank.slug, revision.id))
        found += _signatures[state]
    return found


def _read_signatures(session: Session, slug: str, revision_id: int) -> Iterable[Signature]:
    rows = session.execute(
        select(Item.uid, ItemRevision.stem, ItemRevision.kind, ItemRevision.content)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .join(BankEntry, BankEntry.item_revision_id == ItemRevision.id)
        .where(BankEntry.bank_revision_id == revision_id)
    )
    for uid, stem, kind, content in rows:
        options = tuple(Option(option["text"]) for option in content["options"])
        yield signature(Question(uid, stem, kind, options=options, bank=slug))


def _cited(document: model.Bank) -> set[str]:
    return {source for item in document.items for source in item.sources}


def known_in(documents: Iterable[model.Document]) -> Callable[[str], bool]:
    """Whether a citation is of a section of these procedures."""
    there = {d.id: d for d in documents if isinstance(d, model.Procedure)}

    def is_known(reference: str) -> bool:
        slug, _, rest = reference.partition("#")
        procedure = there.get(slug)
        if procedure is None or not rest:
            return procedure is not None
        anchor, _, step = rest.partition(".")
        section = next((s for s in procedure.sections if s.anchor == anchor), None)
        return section is not None and (not step or step in {s.label for s in section.steps})

    return is_known
