"""The evidence table; triggers in the database refuse changes to its rows."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime


class EvidenceEntry(Model):
    """One fact, with the hash of the fact before it. Ids are opaque, not foreign keys."""

    __tablename__ = "evidence_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str]
    by: Mapped[str]
    about: Mapped[str] = mapped_column(index=True)
    data: Mapped[str] = mapped_column(Text)
    previous: Mapped[str]
    hash: Mapped[str]
