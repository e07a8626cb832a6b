"""What a person has read, by their own word."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime


class Acknowledgement(Model):
    """A person's word about a section's text (by its hash): only ever added, once an occasion."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        Index("ix_acknowledgement_place", "user_id", "procedure_id", "anchor", "section_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    anchor: Mapped[str]
    section_hash: Mapped[str]
    revision_id: Mapped[int] = mapped_column(ForeignKey("procedure_revision.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
