"""Pictures of documents: made smaller where they are large, kept once, shown by their name."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session, undefer

from quizapp.content.models import Picture, Procedure, ProcedureRevision, Section
from quizapp.content.resizing import ready
from quizapp.content.visibility import READABLE
from quizapp.errors import Missing
from quizapp.formats.model import Image, Problem


def keep(session: Session, images: Iterable[Image], *, by: str, now: datetime) -> list[Problem]:
    """Keep the pictures that are not there yet; says which cannot be shown."""
    wanted = {image.name: image for image in images}
    there = set(
        session.execute(select(Picture.name).where(Picture.name.in_(list(wanted)))).scalars()
    )
    problems = []
    for name, image in wanted.items():
        if name in there:
            continue
        made = ready(image)
        if not made.mime:
            problems.append(Problem(1, 1, "warning", "image-unreadable", {"name": name}))
            continue
        session.add(
            Picture(
                name=name,
                mime=made.mime,
                width=made.width,
                height=made.height,
                data=made.data,
                added_at=now,
                added_by=by,
            )
        )
    session.flush()
    return problems


def find(session: Session, name: str) -> Picture:
    """The picture of this name, with its bytes. Raises Missing."""
    found = session.execute(
        select(Picture).where(Picture.name == name).options(undefer(Picture.data))
    ).scalar_one_or_none()
    if found is None:
        raise Missing
    return found


def is_hidden(session: Session, name: str, viewer: int) -> bool:
    """Whether a person may read none of the sections that show this picture, and there are some.

    The name is the one of its address, without a folder.
    The texts are looked through only for people from whom some procedure is hidden.
    """
    hidden = set(session.execute(_HIDDEN, {"viewer": viewer}).scalars())
    if not hidden:
        return False
    showing = set(
        session.execute(
            select(ProcedureRevision.procedure_id)
            .join(Section, Section.revision_id == ProcedureRevision.id)
            .where(Section.html.contains(name, autoescape=True))
        ).scalars()
    )
    return bool(showing) and showing <= hidden


_HIDDEN = select(Procedure.id).where(text(f"NOT {READABLE}"))


def images_in(session: Session, text: str) -> list[Image]:
    """The pictures that a text refers to, for a file that is written out."""
    rows = session.execute(select(Picture.name)).scalars()
    names = [name for name in rows if name in text]
    return [Image(name, find(session, name).data) for name in names]
