"""What a person has read."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime


class SectionRead(Model):
    """A section a person marked as read, with the hash of the text that was shown."""

    __tablename__ = "section_read"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"), primary_key=True)
    anchor: Mapped[str] = mapped_column(primary_key=True)
    section_hash: Mapped[str]
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
