"""What a database holds, in figures: by them a copy is known to be whole."""

from dataclasses import dataclass

from alembic.migration import MigrationContext
from flask_babel import gettext
from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.orm import Session

from quizapp.errors import Refused
from quizapp.evidence import chain


@dataclass(frozen=True)
class Facts:
    """The migration it is at, its rows by table, and the first and last link of its evidence."""

    revision: str
    counts: dict[str, int]
    first: str
    seq: int
    head: str

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(self.counts.values())


def of(connection: Connection) -> Facts:
    """Count, and follow the chain of evidence to its end.

    Raises Refused where there is no database of ours, or its chain is broken.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise Refused(gettext("There is no database of quizapp here yet. Run: quizapp upgrade"))
    session = Session(bind=connection)
    broken = chain.first_break(session)
    if broken is not None:
        raise Refused(
            gettext(
                "The chain of evidence breaks at entry %(n)s: the database was changed by other "
                "means than quizapp, or is damaged.",
                n=broken,
            )
        )
    seq, head = chain.head(session)
    first = connection.execute(_FIRST).scalar_one_or_none() or chain.GENESIS
    names = sorted(inspect(connection).get_table_names())
    counts = {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in names
    }
    return Facts(revision, counts, first, seq, head)


_FIRST = text("SELECT hash FROM evidence_entry WHERE seq = 1")


def compare(told: Facts, found: Facts) -> None:
    """Raises Refused where a copy is not what its backup said."""
    if told == found:
        return
    wrong = [
        name
        for name in sorted({*told.counts, *found.counts})
        if told.counts.get(name) != found.counts.get(name)
    ]
    raise Refused(
        gettext(
            "The copy is not what the backup says of it (%(what)s). Do not use it; take another "
            "backup.",
            what=", ".join(wrong) or gettext("the evidence"),
        )
    )
