"""Starting an attempt: who may, by whose code, and the form that is made for it."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_datetime, gettext
from sqlalchemy import bindparam, func, insert, or_, select, text
from sqlalchemy.orm import Session

from quizapp.content import citations
from quizapp.db import UtcDateTime
from quizapp.errors import Invalid, Refused
from quizapp.evidence import chain
from quizapp.items import scoring
from quizapp.people import teams
from quizapp.people.models import User
from quizapp.quiz import attempts, forms, quizzes
from quizapp.quiz.blueprints import Blueprint, Drawn, Shortage, draw
from quizapp.quiz.models import (
    Allowance,
    Attempt,
    AttemptItem,
    ItemExposure,
    Quiz,
    Release,
)
from quizapp.quiz.quizzes import Ready
from quizapp.quiz.rules import Rules

# Filled by create_app. Asked before an attempt starts, with the person's id and the quiz's slug;
# each raises Refused where the quiz has to wait.
guards: list[Callable[[Session, int, str, datetime], object]] = []

RELEASE_LIFE = timedelta(minutes=15)
RELEASE_TRIES = 5


@dataclass(frozen=True)
class Standing:
    """How a person stands before a quiz: the terms they would get, and what they did so far."""

    rules: Rules
    taken: int
    last_ended_at: datetime | None
    last_number: int
    open_attempt: Attempt | None

    def refusal(self, now: datetime) -> str | None:
        """Why no attempt can be started now, in words, or None."""
        rules, when = self.rules, None
        match rules.refusal(now, self.taken, self.last_ended_at):
            case None:
                return None
            case "not-open":
                text, when = gettext("This quiz opens on %(when)s."), rules.opens_at
            case "closed":
                text, when = gettext("This quiz closed on %(when)s."), rules.closes_at
            case "no-attempts-left":
                text = gettext("You have no attempt left in this quiz.")
            case "too-soon":
                text = gettext("You can try again from %(when)s on.")
                when = rules.next_start(self.last_ended_at)
        return str(text % {"when": format_datetime(when, "short")} if when else text)


def standing(session: Session, user_id: int, quiz: Quiz) -> Standing:
    """The person's terms for this quiz, allowances included, and their attempts so far."""
    minutes, attempts = _allowed(session, user_id, quiz)
    taken, last_ended_at, number, open_id = session.execute(
        _SO_FAR, {"user": user_id, "quiz": quiz.id}
    ).one()
    open_attempt = session.get_one(Attempt, open_id) if open_id else None
    rules = quizzes.rules_of(session, quiz).with_allowance(minutes, attempts)
    return Standing(rules, taken, last_ended_at, number or 0, open_attempt)


_SUBMITTED = Attempt.state == "submitted"
_SO_FAR = select(
    func.count().filter(_SUBMITTED),
    func.max(Attempt.submitted_at).filter(_SUBMITTED),
    func.max(Attempt.number),
    func.max(Attempt.id).filter(Attempt.state == "open"),
).where(Attempt.user_id == bindparam("user"), Attempt.quiz_id == bindparam("quiz"))


def _allowed(session: Session, user_id: int, quiz: Quiz) -> tuple[int, int]:
    """Extra minutes and attempts: the most generous time, and all attempts that were added."""
    row = session.execute(_ALLOWED, {"quiz": quiz.id, "user": user_id}).one()
    return int(row[0]), int(row[1])


_ALLOWED = select(
    func.coalesce(func.max(Allowance.extra_minutes), 0),
    func.coalesce(func.sum(Allowance.extra_attempts), 0),
).where(
    Allowance.quiz_id == bindparam("quiz"),
    Allowance.ended_at.is_(None),
    or_(
        Allowance.user_id == bindparam("user"),
        Allowance.team_id == teams.TEAM_OF.scalar_subquery(),
    ),
)


def start(
    session: Session,
    user: User,
    quiz: Quiz,
    *,
    seed: int,
    language: str,
    now: datetime,
    today: date,
    access_code: str = "",
    release_code: str = "",
) -> Attempt:
    """Start an attempt, or return the one that is open.

    Raises Refused when the rules do not let this person start now or the pool is too small,
    Invalid for a wrong code.
    """
    # One start at a time for a person: the second one finds the first one's attempt.
    session.execute(_LOCK, {"user": user.id})
    # Held here, or it would be read again for the blueprint.
    revision = quizzes.revision_of(session, quiz)
    stand = standing(session, user.id, quiz)
    if stand.open_attempt is not None:
        return stand.open_attempt
    if message := stand.refusal(now):
        raise Refused(message)
    if attempts.closed_book(session, user.id, now):
        raise Refused(gettext("First finish the quiz without consultation that you began."))
    for guard in guards:
        guard(session, user.id, quiz.slug, now)
    rules = stand.rules
    if rules.access_code and not _same(access_code, rules.access_code):
        raise Invalid(gettext("The access code is not right. Ask who called you to this quiz."))
    release = _use_release(session, user, quiz, release_code, now) if rules.release else None
    ready, drawn, _ = form(session, quiz, seed, user_id=user.id)
    names = [(ready[place.candidate].name, place.points) for place in drawn]
    terms = _terms(rules, [name for name, _ in names])
    attempt = Attempt(
        quiz_id=quiz.id,
        quiz_revision_id=revision.id,
        user_id=user.id,
        number=stand.last_number + 1,
        state="open",
        seed=seed,
        cut_score=rules.cut_of(names),
        terms=terms,
        deadline_at=rules.deadline(now),
        team_id=teams.team_of(session, user.id),
        language=language,
        started_at=now,
    )
    session.add(attempt)
    session.flush()
    shown = _shown(session, attempt, ready, drawn, rules, today)
    session.execute(insert(AttemptItem), shown)
    _count_exposure(session, [row["item_id"] for row in shown], now)
    if release is not None:
        release.used_at, release.attempt_id = now, attempt.id
        session.flush()
    chain.append(
        session,
        "attempt.started",
        by=user.public_id,
        about=attempt.public_id,
        at=now,
        data={
            "quiz": quiz.slug,
            "number": attempt.number,
            "seed": seed,
            "cut_score": attempt.cut_score,
            **({"cut_by": rules.cut_by.panel} if rules.cut_by else {}),
            "deadline": attempt.deadline_at and attempt.deadline_at.isoformat(),
            "released_by": release.by if release else None,
            "language": language,
            "form": [[row["item_revision_id"], row["shown"], row["sections"]] for row in shown],
        },
    )
    return attempt


def _terms(rules: Rules, names: list[str]) -> dict[str, Any]:
    """The rules as an attempt keeps them; of what judges said only what is about its form."""
    if rules.cut_by is not None:
        rules = replace(rules, cut_by=rules.cut_by.only(names))
    terms = rules.to_json()
    del terms["access_code"]
    return terms


_LOCK = select(User.id).where(User.id == bindparam("user")).with_for_update(key_share=True)


def form(
    session: Session, quiz: Quiz, seed: int, *, user_id: int | None = None
) -> tuple[list[Ready], list[Drawn], list[Shortage]]:
    """What the quiz can ask, the form drawn from it, and what the pool lacks.

    With a person the draw knows what they had before, and a pool that is too small raises
    Refused; without one it is a preview.
    """
    blueprint = quizzes.blueprint_of(session, quiz)
    return form_of(session, quiz, blueprint, seed, user_id=user_id)


def form_of(
    session: Session, quiz: Quiz, blueprint: Blueprint, seed: int, *, user_id: int | None = None
) -> tuple[list[Ready], list[Drawn], list[Shortage]]:
    """The same by a blueprint that the quiz need not have yet."""
    ready = quizzes.askable(session, quiz, blueprint)
    seen, used = _history(session, user_id, [one.item.id for one in ready])
    candidates = quizzes.candidates(ready, seen, used)
    drawn, shortages = draw(blueprint, candidates, seed)
    if user_id is not None and (not drawn or shortages):
        raise Refused(
            gettext(
                "This quiz has too few questions at present. Your trainer has to add some or "
                "change the quiz."
            )
            if drawn
            else gettext("This quiz has no question to ask at present.")
        )
    return ready, drawn, shortages


def _history(
    session: Session, user_id: int | None, item_ids: list[int]
) -> tuple[set[int], dict[int, int]]:
    """The items this person had in any attempt, and in how many forms each was."""
    used = uses(session, item_ids)
    if user_id is None:
        return set(), used
    return set(session.execute(_SEEN, {"user": user_id}).scalars()), used


_SEEN = (
    select(AttemptItem.item_id)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .where(Attempt.user_id == bindparam("user"))
    .distinct()
)


def uses(session: Session, item_ids: list[int]) -> dict[int, int]:
    """In how many forms each of these items was; those in none are left out."""
    return dict(iter(session.execute(_USES, {"items": item_ids})))


_USES = select(ItemExposure.item_id, ItemExposure.forms).where(
    ItemExposure.item_id.in_(bindparam("items", expanding=True))
)


def _shown(
    session: Session,
    attempt: Attempt,
    ready: list[Ready],
    drawn: list[Drawn],
    rules: Rules,
    today: date,
) -> list[dict[str, Any]]:
    chosen = [ready[place.candidate] for place in drawn]
    cited = citations.cited_by(session, [one.revision.id for one in chosen], today)
    content = quizzes.texts(session, chosen)
    return [
        {
            "attempt_id": attempt.id,
            "position": position,
            "item_id": one.item.id,
            "item_revision_id": one.revision.id,
            "kind": one.kind,
            "shown": forms.order(one.kind, content[one.revision.id], attempt.seed, one.item.uid),
            "sections": {c.reference: c.hash for c in cited.get(one.revision.id, []) if c.hash},
            "points": place.points,
            "eliminatory": place.eliminatory,
            "cap": scoring.cap(one.kind, one.key, rules.policy),
        }
        for position, (place, one) in enumerate(zip(drawn, chosen, strict=True), start=1)
    ]


_COUNT = text(
    """
    INSERT INTO item_exposure (item_id, forms, last_at) VALUES (:item, 1, :now)
    ON CONFLICT (item_id)
    DO UPDATE SET forms = item_exposure.forms + 1, last_at = excluded.last_at
    """
).bindparams(bindparam("now", type_=UtcDateTime))


def _count_exposure(session: Session, item_ids: list[int], now: datetime) -> None:
    # In one order for everybody, so that no two starts wait for each other.
    session.execute(_COUNT, [{"item": item_id, "now": now} for item_id in sorted(item_ids)])


def release_for(session: Session, quiz: Quiz, user: User, *, by: str, now: datetime) -> str:
    """A code that lets this person start once: whoever gives it has seen who sits there.

    A code that was given before and not used no longer opens.
    """
    for earlier in _releases(session, user.id, quiz):
        earlier.expires_at = min(earlier.expires_at, now)
    code = f"{secrets.randbelow(10**6):06}"
    session.add(
        Release(
            quiz_id=quiz.id,
            user_id=user.id,
            code_hash=_hash(code),
            at=now,
            expires_at=now + RELEASE_LIFE,
            by=by,
            tries=0,
        )
    )
    session.flush()
    chain.append(
        session, "attempt.released", by=by, about=user.public_id, at=now, data={"quiz": quiz.slug}
    )
    return code


class WrongRelease(Invalid):
    """A release code that does not open this attempt; the try has to be counted."""


def count_wrong_release(session: Session, user_id: int, quiz: Quiz) -> None:
    """Count a wrong code, in a transaction of its own: the refused start is rolled back."""
    for release in _releases(session, user_id, quiz):
        release.tries = Release.tries + 1  # in the database: others may count now
    session.flush()


def _use_release(
    session: Session, user: User, quiz: Quiz, code: str, now: datetime
) -> Release | None:
    for release in _releases(session, user.id, quiz):
        alive = release.expires_at > now and release.tries < RELEASE_TRIES
        if alive and hmac.compare_digest(release.code_hash, _hash("".join(code.split()))):
            return release
    raise WrongRelease(
        gettext("This quiz starts with a code of your supervisor; this one is wrong or too old.")
    )


def _releases(session: Session, user_id: int, quiz: Quiz) -> list[Release]:
    return list(
        session.execute(
            select(Release).where(
                Release.user_id == user_id, Release.quiz_id == quiz.id, Release.used_at.is_(None)
            )
        ).scalars()
    )


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.strip().casefold().encode(), wanted.casefold().encode())
