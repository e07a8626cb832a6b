"""Many sittings of one quiz by a seed: all kinds, points, eliminatory items, minima, policies.

The same seed gives the same sittings whatever the order in which their rows are written.
"""

import random
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from quizapp.content.models import (
    Bank,
    BankEntry,
    BankRevision,
    Item,
    ItemKey,
    ItemRevision,
    KeyAct,
)
from quizapp.items.scoring import Policy
from quizapp.people.models import Team, User
from quizapp.quiz import grading
from quizapp.quiz.models import (
    Attempt,
    AttemptItem,
    ItemScore,
    Quiz,
    QuizRevision,
    Response,
    Score,
)
from quizapp.quiz.rules import Rules

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
EACH, FORM = 4, 10
SIZE = 4
KEYS = {
    "single": {"fractions": [0, 1, 0, 0]},
    "multiple": {"fractions": [0.5, 0, 0.5, 0]},
    "true_false": {"fractions": [1, 0]},
    "ordering": {"size": SIZE},
    "matching": {"matches": [2, 0, 1]},
    "short_answer": {
        "answers": [{"text": "onu", "fraction": 1}, {"text": "olt", "fraction": 1 / 3}]
    },
    "numeric": {"answers": [{"low": 1, "high": 3, "fraction": 1}]},
}
# What a trainer may say is right instead.
OTHERS = {
    "single": {"fractions": [0, 0, 1, 0]},
    "multiple": {"fractions": [1 / 3, 1 / 3, 1 / 3, 0]},
    "true_false": {"fractions": [0, 1]},
    "matching": {"matches": [0, 1, 2]},
    "short_answer": {"answers": [{"text": "roteador", "fraction": 1}]},
    "numeric": {"answers": [{"low": 4, "high": 5.5, "fraction": 1}]},
}
RULES = (
    Rules(cut_score=60.0),
    Rules(cut_score=66.7, policy=Policy(multiple="capped", ordering="adjacent")),
    Rules(cut_score=50.0, minima={"triagem": 40.0}, policy=Policy(matching="all_or_nothing")),
)


def options(kind):
    count = {"true_false": 2, "matching": 3, "short_answer": 0, "numeric": 0}.get(kind, SIZE)
    return [{"text": f"o{n}", "html": f"o{n}", "pinned": False} for n in range(count)]


def response(kind, chance):
    """What somebody gave: half of the time what is right by the old key."""
    if chance.random() < 0.1:
        return None
    knows = chance.random() < 0.5
    match kind:
        case "single":
            return {"selected": [1 if knows else chance.randrange(SIZE)]}
        case "true_false":
            return {"selected": [0 if knows else 1]}
        case "multiple":
            some = sorted(chance.sample(range(SIZE), chance.randint(1, SIZE)))
            return {"selected": [0, 2] if knows else some}
        case "ordering":
            places = [1, 2, 3, 4]
            if not knows:
                chance.shuffle(places)
            return {"positions": places}
        case "matching":
            return {"matches": [2, 0, 1] if knows else [chance.randrange(3) for _ in range(3)]}
        case "short_answer":
            return {"text": "ONU" if knows else chance.choice(["olt", "roteador", "cabo"])}
        case _:
            return {"text": "2,5" if knows else chance.choice(["4", "5,5", "9"])}


def bank(session):
    """A bank with a few items of each kind, their keys published; returns (uid, item, revision)."""
    row = Bank(slug="muitas", path="")
    session.add(row)
    session.flush()
    facts = {"imported_at": NOW, "imported_by": "test", "format": "native", "language": "pt-BR"}
    revision = BankRevision(
        bank_id=row.id, number=1, title="Muitas", source="", source_hash="", lint={}, **facts
    )
    session.add(revision)
    session.flush()
    row.current_revision_id = revision.id
    made = []
    for kind in KEYS:
        for n in range(1, EACH + 1):
            item = Item(bank_id=row.id, uid=f"{kind}-{n}")
            session.add(item)
            session.flush()
            made.append((item.uid, item.id, add_revision(session, item.id, 1, kind, n)))
            session.add(
                BankEntry(
                    bank_revision_id=revision.id,
                    position=len(made),
                    item_revision_id=made[-1][2],
                    label=str(len(made)),
                    line=len(made),
                )
            )
    session.flush()
    return made


def add_revision(session, item_id, number, kind, n, key=None):
    """A state of an item with its published key; returns its id."""
    rights = [{"text": f"r{i}", "html": f"r{i}"} for i in range(3)] if kind == "matching" else []
    revision = ItemRevision(
        item_id=item_id,
        number=number,
        kind=kind,
        use="exam",
        difficulty=None,
        competencies=["triagem"] if n % 2 else ["lgpd", "triagem"],
        tags=[],
        stem=f"Questão {item_id}, texto {number}",
        content={
            "stem_html": f"<p>Questão {item_id}</p>",
            "options": options(kind),
            **({"rights": rights} if rights else {}),
        },
        remarks={"explanation": "", "explanation_html": "", "feedback": []},
        asked_hash=f"{item_id}-{number}",
        whole_hash=f"{item_id}-{number}",
        created_at=NOW,
        created_by="test",
    )
    session.add(revision)
    session.flush()
    row = ItemKey(
        item_id=item_id,
        item_revision_id=revision.id,
        version=number,
        state="confirmed",
        value=key or KEYS[kind],
        origin="file",
        at=NOW,
        by="test",
    )
    session.add(row)
    session.flush()
    session.add(KeyAct(item_key_id=row.id, act="published", review_days=0, at=NOW, by="test"))
    session.flush()
    return revision.id


def sit(session, count, seed=1, order=None):
    """So many submitted attempts, their rows written in this order; the caller commits."""
    items = bank(session)
    teams = [Team(name=name, created_at=NOW) for name in ("Leste", "Oeste", "Centro")]
    session.add_all(teams)
    quiz = Quiz(
        slug="muitas", title="Muitas", use="exam", cut_score=60.0, counts="best", published_at=NOW
    )
    session.add(quiz)
    session.flush()
    rules = Rules(cut_score=60.0).to_json()
    revision = QuizRevision(
        quiz_id=quiz.id,
        number=1,
        title="Muitas",
        blueprint={"parts": [{"bank": "muitas"}]},
        rules=rules,
        reason="",
        at=NOW,
        by="test",
    )
    session.add(revision)
    session.flush()
    quiz.current_revision_id = revision.id
    session.execute(
        insert(User),
        [
            {
                "public_id": f"p{n:06}",
                "name": f"Pessoa {n}",
                "role": "agent",
                "employee_number": f"n{n:06}",
                "created_at": NOW,
            }
            for n in range(count)
        ],
    )
    ids = dict(
        iter(session.execute(select(User.public_id, User.id).where(User.public_id.startswith("p"))))
    )
    drawn = [sitting(n, seed, items) for n in range(count)]
    numbers = list(order or range(count))
    session.execute(
        insert(Attempt),
        [
            {
                "public_id": f"a{n:06}",
                "quiz_id": quiz.id,
                "quiz_revision_id": revision.id,
                "user_id": ids[f"p{n:06}"],
                "number": 1,
                "state": "open",
                "seed": n,
                "cut_score": drawn[n][0].cut_score,
                "terms": drawn[n][0].to_json(),
                "team_id": teams[n % 3].id,
                "language": "pt_BR",
                "started_at": NOW,
            }
            for n in numbers
        ],
    )
    attempts = dict(iter(session.execute(select(Attempt.public_id, Attempt.id))))
    for first in range(0, count, 500):
        some = numbers[first : first + 500]
        shown = [(attempts[f"a{n:06}"], row) for n in some for row in drawn[n][1]]
        session.execute(
            insert(AttemptItem),
            [{"attempt_id": id_, **{k: row[k] for k in row if k != "value"}} for id_, row in shown],
        )
        session.execute(
            insert(Response),
            [
                {
                    "attempt_id": id_,
                    "position": row["position"],
                    "value": row["value"],
                    "saved_at": NOW,
                    "spent": 0,
                }
                for id_, row in shown
                if row["value"] is not None
            ],
        )
        close(session, [attempts[f"a{n:06}"] for n in some])
    return items


def sitting(n, seed, items):
    """The rules and the form of one attempt, with what was given."""
    chance = random.Random(f"{seed}:{n}")
    rules = chance.choice(RULES)
    rows = []
    for position, (uid, item_id, revision_id) in enumerate(chance.sample(items, FORM), start=1):
        kind = uid.rpartition("-")[0]
        rows.append(
            {
                "position": position,
                "item_id": item_id,
                "item_revision_id": revision_id,
                "kind": kind,
                "shown": list(range(3 if kind == "matching" else len(options(kind)))),
                "sections": {},
                "points": chance.choice([1, 1, 2, 3]),
                "eliminatory": chance.random() < 0.03,
                "value": response(kind, chance),
            }
        )
    return rules, rows


def close(session, attempt_ids):
    """Close and score them as a submit does."""
    session.execute(
        update(Attempt)
        .where(Attempt.id.in_(attempt_ids))
        .values(state="submitted", submitted_at=NOW, ended="agent")
    )
    papers = grading.papers(session, attempt_ids)
    keys = grading.keys_of(session, {one.revision_id for p in papers for one in p.items})
    new = []
    for paper in papers:
        graded = grading.grade(paper, keys)
        new.append(grading.NewScore(paper, keys, graded, 1, graded.result.passed))
    grading.add_scores(session, new, reason="submit", at=NOW)


def dump(session):
    """All scores as text, in an order that no database chooses."""
    rows = session.execute(
        select(
            Attempt.public_id,
            Score.number,
            Score.percent,
            Score.points,
            Score.max_points,
            Score.passed,
            Score.kept,
            Score.missed,
            Score.short,
            Score.reason,
            ItemScore.position,
            ItemScore.fraction,
            ItemScore.treatment,
        )
        .join(Score, Score.attempt_id == Attempt.id)
        .join(ItemScore, ItemScore.score_id == Score.id)
    )
    return "\n".join(sorted(repr(tuple(row)) for row in rows))
