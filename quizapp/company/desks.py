"""What managers and trainers keep for themselves: views, e-mails, feeds; and judges at work."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.people.models import User
from quizapp.quiz import panel_results, panels
from quizapp.quiz.models import Quiz
from quizapp.reports import feeds, readers, views

JUDGES = 4
# The quizzes that judges have finished with, and are at work on.
JUDGED, JUDGING = "certificacao-n2", "certificacao-financeiro"


def furnish(session: Session, chance: random.Random, until: datetime) -> None:
    """Two panels, the views of two managers and a trainer, a weekly e-mail, a feed."""
    managers = session.scalars(
        select(User).where(User.role == "manager", User.left_at.is_(None)).order_by(User.id)
    ).all()
    trainer = session.scalars(select(User).where(User.role == "trainer").order_by(User.id)).first()
    assert trainer is not None  # noqa: S101 - people.hire made some
    for manager in managers[:2]:
        _keep(session, manager, until)
    reader = readers.find(session, trainer.id)
    views.keep(session, reader, "coverage", {}, "Cobertura", until)
    _judge(session, chance, trainer, JUDGED, until)
    _judge(session, chance, trainer, JUDGING, until)


def _keep(session: Session, manager: User, until: datetime) -> None:
    reader = readers.find(session, manager.id)
    team = readers.led(session, reader)[0].public_id
    views.keep(session, reader, "attention", {"team": team}, "Quem ver primeiro", until)
    heatmap = {"team": team, "by": "sections"}
    views.keep(session, reader, "heatmap", heatmap, "Mapa por seção", until)
    views.begin_weekly(session, reader, until)
    feeds.make(session, manager, "Escala (WFM)", now=until)


def _judge(
    session: Session, chance: random.Random, trainer: User, slug: str, until: datetime
) -> None:
    """Each says of each item how many of ten get it right; they agree more or less."""
    quiz = session.scalars(select(Quiz).where(Quiz.slug == slug)).one()
    judges = panels.eligible(session, quiz)[:JUDGES]
    told: dict[str, Any] = {"by": trainer.public_id, "now": until}
    panel = panels.open_panel(session, quiz, [one.public_id for one in judges], **told)
    asked = panels.of_pool(session, quiz)
    meant = {one.item_id: chance.uniform(5, 9.5) for one in asked}
    is_done = slug == JUDGED
    for n, judge in enumerate(judges):
        # Of those who are at work the first has handed in, the last has yet to begin.
        share = 1.0 if is_done or n == 0 else 0.6 if n < len(judges) - 1 else 0.0
        for one in asked[: round(share * len(asked))]:
            of_ten = min(10, max(0, round(meant[one.item_id] + chance.gauss(0, 1.2))))
            panels.estimate(session, panel, judge.id, one, of_ten, until)
        if share == 1.0:
            panels.hand_in(session, panel, quiz, judge, now=until)
    if is_done:
        panel_results.take(session, panel, quiz, "Reunião dos instrutores.", **told)
