"""The outbox of messages to people. Ids are opaque, not foreign keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UtcDateTime


class Notice(Model):
    """Something a person should know; `kind` and `args` become words where it is shown."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    about: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
