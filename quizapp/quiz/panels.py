"""Judges who set a quiz's cut score, each by what they say of every item it can ask.

A panel is open until its trainer takes over what it says, or closes it without. Judges hand in once
all items are estimated; before that nobody sees what others said, and what is not handed in
does not count. What they say together is in quiz.panel_results.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.orm import Session

from quizapp.content.models import ItemRevision
from quizapp.db import UtcDateTime
from quizapp.errors import Invalid, Missing, Refused
from quizapp.evidence import chain
from quizapp.formats.text import alphabetical
from quizapp.items.judging import LEAST
from quizapp.notices import outbox
from quizapp.people import audience
from quizapp.people.models import User
from quizapp.quiz import quizzes
from quizapp.quiz.blueprints import Candidate, fits
from quizapp.quiz.models import CutEstimate, CutJudge, CutPanel, Quiz

ROLES = ("trainer", "manager")

# Which estimates are a judge's.
OF_JUDGE = (CutEstimate.panel_id == CutJudge.panel_id) & (CutEstimate.user_id == CutJudge.user_id)


@dataclass(frozen=True)
class Asked:
    """An item that the quiz can ask, in the text that a judge is shown."""

    name: str
    item_id: int
    revision_id: int
    kind: str
    stem: str
    candidate: Candidate


@dataclass(frozen=True)
class Judge:
    """Somebody who was asked to judge, and how far they are."""

    user_id: int
    public_id: str
    name: str
    role: str
    done_at: datetime | None
    estimated: int


def eligible(session: Session, quiz: Quiz) -> list[User]:
    """Who may be asked to judge: trainers, and managers who see the quiz; by name."""
    rows = session.execute(
        select(User)
        .where(User.left_at.is_(None), User.role.in_(ROLES))
        .where(text(audience.visible("quiz", ":slug").replace(":viewer", '"user".id'))),
        {"slug": quiz.slug},
    ).scalars()
    return sorted(rows, key=lambda user: alphabetical(user.name))


def open_panel(
    session: Session, quiz: Quiz, people: Collection[str], *, by: str, now: datetime
) -> CutPanel:
    """Open a panel and ask these people, by their public ids, to judge.

    Raises Invalid for fewer than three and for a quiz without an item, Refused where one is open.
    """
    if open_of(session, quiz) is not None:
        raise Refused(gettext("Judges are already at work on this quiz."))
    judges = _chosen(session, quiz, people)
    if len(judges) < LEAST:
        raise Invalid(
            gettext("Choose three judges or more: fewer are the word of one or two people.")
        )
    if not of_pool(session, quiz):
        raise Invalid(gettext("This quiz has no question to ask at present."))
    panel = CutPanel(quiz_id=quiz.id, opened_at=now, opened_by=by)
    session.add(panel)
    session.flush()
    _invite(session, panel, quiz, judges, now)
    chain.append(
        session,
        "panel.opened",
        by=by,
        about=panel.public_id,
        at=now,
        data={"quiz": quiz.slug, "judges": sorted(user.public_id for user in judges)},
    )
    return panel


def _chosen(session: Session, quiz: Quiz, people: Collection[str]) -> list[User]:
    by_id = {user.public_id: user for user in eligible(session, quiz)}
    if not set(people) <= by_id.keys():
        raise Missing
    return [by_id[public_id] for public_id in sorted(set(people))]


def _invite(
    session: Session, panel: CutPanel, quiz: Quiz, judges: Iterable[User], now: datetime
) -> None:
    for user in judges:
        session.add(CutJudge(panel_id=panel.id, user_id=user.id, invited_at=now))
        outbox.tell(
            session,
            user.public_id,
            "judge-invited",
            {"quiz": quiz.title},
            about=f"/panels/{panel.public_id}",
            now=now,
        )
    session.flush()


def invite(
    session: Session,
    panel: CutPanel,
    quiz: Quiz,
    people: Collection[str],
    *,
    by: str,
    now: datetime,
) -> None:
    """Ask more people. Raises Refused for a closed panel, Invalid for nobody."""
    need_open(panel)
    present = {judge.public_id for judge in judges_of(session, panel)}
    added = _chosen(session, quiz, set(people) - present)
    if not added:
        raise Invalid(gettext("Choose whom to ask."))
    _invite(session, panel, quiz, added, now)
    chain.append(
        session,
        "panel.invited",
        by=by,
        about=panel.public_id,
        at=now,
        data={"judges": [user.public_id for user in added]},
    )


def need_open(panel: CutPanel) -> None:
    """Raises Refused for a panel that is closed."""
    if panel.closed_at is not None:
        raise Refused(gettext("These judges have finished: what they said cannot change any more."))


def open_of(session: Session, quiz: Quiz) -> CutPanel | None:
    """The quiz's panel that is at work."""
    return session.execute(
        select(CutPanel).where(CutPanel.quiz_id == quiz.id, CutPanel.closed_at.is_(None))
    ).scalar_one_or_none()


def find(session: Session, public_id: str, viewer: User) -> tuple[CutPanel, Quiz]:
    """A panel and its quiz, for a trainer or one of its judges. Raises Missing."""
    row = session.execute(
        select(CutPanel, Quiz)
        .join(Quiz, Quiz.id == CutPanel.quiz_id)
        .where(CutPanel.public_id == public_id, *_seen_by(viewer))
    ).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1]


def listed(session: Session, viewer: User) -> list[tuple[CutPanel, Quiz]]:
    """The panels that somebody may see, those at work first, then the latest."""
    rows = session.execute(
        select(CutPanel, Quiz).join(Quiz, Quiz.id == CutPanel.quiz_id).where(*_seen_by(viewer))
    )
    found = [(panel, quiz) for panel, quiz in rows]
    found.sort(key=lambda one: (one[0].closed_at is None, one[0].id), reverse=True)
    return found


def _seen_by(viewer: User) -> list[Any]:
    """A trainer sees all; a manager those that they judge, while the quiz is there for them."""
    if viewer.role == "trainer":
        return []
    mine = select(CutJudge.panel_id).where(CutJudge.user_id == viewer.id)
    return [CutPanel.id.in_(mine), quizzes.VISIBLE.bindparams(viewer=viewer.id)]


def judges_of(session: Session, panel: CutPanel) -> list[Judge]:
    """Who was asked, and how many items each has estimated, by name."""
    count = select(func.count()).where(OF_JUDGE).scalar_subquery()
    rows = session.execute(
        select(User.id, User.public_id, User.name, User.role, CutJudge.done_at, count)
        .join(CutJudge, CutJudge.user_id == User.id)
        .where(CutJudge.panel_id == panel.id)
    )
    return sorted((Judge(*row) for row in rows), key=lambda one: alphabetical(one.name))


def waits_for(panel: CutPanel, judges: Iterable[Judge], user_id: int) -> bool:
    """Whether this person's estimates are asked for: until then they see no others."""
    waiting = {judge.user_id for judge in judges if judge.done_at is None}
    return panel.closed_at is None and user_id in waiting


def of_pool(session: Session, quiz: Quiz) -> list[Asked]:
    """The items that the quiz can ask now, each once, in the order of its parts."""
    blueprint = quizzes.blueprint_of(session, quiz)
    ready = quizzes.askable(session, quiz, blueprint)
    pool = quizzes.candidates(ready)
    wanted = dict.fromkeys(index for part in blueprint.parts for index in fits(part, pool))
    return [
        Asked(
            ready[index].name,
            ready[index].item.id,
            ready[index].revision.id,
            ready[index].kind,
            ready[index].revision.stem,
            pool[index],
        )
        for index in wanted
    ]


def content_of(session: Session, one: Asked) -> dict[str, Any]:
    """What an item asks (ItemRevision.content)."""
    found: dict[str, Any] = session.execute(
        select(ItemRevision.content).where(ItemRevision.id == one.revision_id)
    ).scalar_one()
    return found


def own(session: Session, panel: CutPanel, user_id: int, asked: Sequence[Asked]) -> dict[int, int]:
    """What a judge said of these items, in the texts that they have now."""
    revisions = {one.item_id: one.revision_id for one in asked}
    rows = session.execute(
        select(CutEstimate.item_id, CutEstimate.item_revision_id, CutEstimate.of_ten).where(
            CutEstimate.panel_id == panel.id, CutEstimate.user_id == user_id
        )
    )
    return {item: of_ten for item, revision, of_ten in rows if revisions.get(item) == revision}


def estimate(
    session: Session, panel: CutPanel, user_id: int, one: Asked, of_ten: int, now: datetime
) -> None:
    """Keep what a judge says of an item; the last word counts. Raises Invalid, Refused."""
    if not 0 <= of_ten <= 10:
        raise Invalid(gettext("Of ten people, from 0 to 10 can get it right."))
    _need_judging(session, panel, user_id)
    session.execute(
        _SAY,
        {
            "panel": panel.id,
            "item": one.item_id,
            "user": user_id,
            "revision": one.revision_id,
            "of_ten": of_ten,
            "now": now,
        },
    )


_SAY = text(
    """
    INSERT INTO cut_estimate (panel_id, item_id, user_id, item_revision_id, of_ten, at)
    VALUES (:panel, :item, :user, :revision, :of_ten, :now)
    ON CONFLICT (panel_id, item_id, user_id) DO UPDATE SET
        item_revision_id = excluded.item_revision_id, of_ten = excluded.of_ten, at = excluded.at
    """
).bindparams(bindparam("now", type_=UtcDateTime))


def _need_judging(session: Session, panel: CutPanel, user_id: int) -> CutJudge:
    """The judge of an open panel who has not handed in. Raises Missing, Refused."""
    need_open(panel)
    judge = session.get(CutJudge, (panel.id, user_id))
    if judge is None:
        raise Missing
    if judge.done_at is not None:
        raise Refused(gettext("You have handed in. Your instructor can give it back to you."))
    return judge


def hand_in(session: Session, panel: CutPanel, quiz: Quiz, user: User, *, now: datetime) -> None:
    """A judge has said all they have to say; from now on they see what others said.

    Raises Invalid while an item is without an estimate.
    """
    judge = _need_judging(session, panel, user.id)
    asked = of_pool(session, quiz)
    said = own(session, panel, user.id, asked)
    if left := sum(one.item_id not in said for one in asked):
        raise Invalid(gettext("Questions without an estimate: %(n)s.", n=left))
    judge.done_at = now
    session.flush()
    chain.append(
        session,
        "panel.handed-in",
        by=user.public_id,
        about=panel.public_id,
        at=now,
        data={"estimates": digest(handed_in(session, panel, judge.user_id))},
    )


def handed_in(session: Session, panel: CutPanel, user_id: int | None = None) -> list[list[Any]]:
    """The estimates that were handed in, or those of one judge, in one order.

    Each is the judge's public id, the ids of the item and its text, and how many of ten.
    """
    query = (
        select(
            User.public_id, CutEstimate.item_id, CutEstimate.item_revision_id, CutEstimate.of_ten
        )
        .join(User, User.id == CutEstimate.user_id)
        .join(CutJudge, OF_JUDGE)
        .where(CutEstimate.panel_id == panel.id, CutJudge.done_at.is_not(None))
    )
    if user_id is not None:
        query = query.where(CutEstimate.user_id == user_id)
    return sorted(list(row) for row in session.execute(query))


def digest(rows: list[list[Any]]) -> str:
    """What evidence keeps of estimates."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def give_back(
    session: Session, panel: CutPanel, quiz: Quiz, public_id: str, *, by: str, now: datetime
) -> None:
    """Let a judge change what they handed in: questions came, or judges have talked."""
    need_open(panel)
    judge = next((one for one in judges_of(session, panel) if one.public_id == public_id), None)
    if judge is None or judge.done_at is None:
        raise Missing
    session.execute(
        update(CutJudge)
        .where(CutJudge.panel_id == panel.id, CutJudge.user_id == judge.user_id)
        .values(done_at=None)
    )
    outbox.tell(
        session,
        judge.public_id,
        "judge-again",
        {"quiz": quiz.title},
        about=f"/panels/{panel.public_id}",
        now=now,
    )
    chain.append(
        session,
        "panel.given-back",
        by=by,
        about=panel.public_id,
        at=now,
        data={"judge": judge.public_id},
    )
