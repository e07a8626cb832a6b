"""The same question asked of every report: where two answer it, they say the same."""

from collections import Counter

from sqlalchemy import select

from quizapp.people import calendars, teams
from quizapp.people.models import User
from quizapp.reports import attention, people, programs, readers, readiness, trends
from quizapp.reports import teams as quizzes
from quizapp.reports.sheets import registry


def disagreements(session, now):
    """What reports contradict each other about, of each leader and team; none is well."""
    found = []

    def same(about, *answers):
        if any(answer != answers[0] for answer in answers):
            found.append((about, answers))

    leaders = select(User).where(User.role == "manager", User.left_at.is_(None)).order_by(User.id)
    for leader in session.scalars(leaders).all():
        led = teams.led_teams(session, leader.id)
        seen = attention.of_teams(session, leader.id, led, now)
        trend = trends.of_teams(session, leader.id, led, now)
        same("people of all", sum(one.people for one in seen.teams), trend.people)
        same("certified of all", sum(g.certified for g in seen.teams), trend.weeks[-1].certified)
        same("to see to", sum((Counter(g.counts) for g in seen.teams), Counter()), seen.counts)
        _queues(session, leader, led, now, same)
        for glance in seen.teams:
            _team(session, leader, glance, seen, now, same)
    return found


def _queues(session, leader, led, now, same):
    """Who is ready: with names, in figures, as a file."""
    queues = readiness.of_teams(session, leader.id, led, now)
    names, counts = readiness.in_figures(session, leader.id, led, now)
    same("queues", [queue.name for queue in queues], names)
    summary, _ = _file(session, leader, "ready", {}, now)
    for queue, (name, ready, soon, others) in zip(queues, summary.rows, strict=True):
        about = f"{leader.employee_number} {name}"
        figures = [counts.get((team.id, name), readiness.Count()) for team in led]
        same(f"{about}: ready", len(queue.ready), sum(one.ready for one in figures), ready.k)
        same(f"{about}: soon", len(queue.soon), sum(one.soon for one in figures), soon)
        same(f"{about}: people", len(queue.standings), sum(f.people for f in figures), ready.n)
        same(f"{about}: others", len(queue.others), others)


def _team(session, leader, glance, seen, now, same):
    """A team at a glance, in programs, in quizzes and in files."""
    team, today = glance.team, calendars.day_of(None, now)
    about = team.name
    there = people.of_teams(session, [team.id], now)
    away = {one.public_id for one in there if one.id in people.away(session, there)}
    report = programs.of_team(session, team.id, leader.id, now)
    tried = quizzes.of_team(session, team.id, today, now)
    (by_program,) = _file(session, leader, "programs", {"team": team.public_id}, now)
    (by_quiz,) = _file(session, leader, "team", {"team": team.public_id}, now)
    lines = [line for line in seen.lines if line.person.team_id == team.id]
    same(
        f"{about}: people",
        glance.people,
        len(there),
        len(report.rows),
        len(tried.rows),
        len(by_program.rows),
        len(by_quiz.rows),
    )
    same(f"{about}: away", glance.away, len(away))
    held = {row.public_id for row in report.rows if any(cell.is_ready for cell in row.cells)}
    same(f"{about}: certified", glance.certified, len(held))
    overdue = _standing(report, "overdue")
    of_line = {reason: _of(lines, reason) for reason in attention.REASONS}
    same(f"{about}: overdue", overdue, of_line["overdue"])
    same(f"{about}: overdue in figures", len(overdue), report.count("overdue"))
    # One line a person, by what presses most; who is away is not on the list.
    pressing = overdue | of_line["lapsed"] | of_line["failing"] | away
    same(f"{about}: expiring", _standing(report, "expiring") - pressing, of_line["expiring"])
    _standings(session, leader, team, report, away, now, same)


def _standings(session, leader, team, report, away, now, same):
    """Who may work a queue holds a certification in programs; who is overdue there is here."""
    cells = {row.public_id: row.cells for row in report.rows}
    titles = [program.title for program in report.programs]
    for queue in readiness.of_teams(session, leader.id, [team], now):
        for one in queue.standings:
            name = f"{team.name}, {queue.name}: {one.person.name}"
            by_title = dict(zip(titles, cells[one.person.public_id], strict=True))
            cell = by_title[one.program]
            same(f"{name} holds it", one.is_ready or one.state == "away", cell.is_ready)
            same(f"{name} is away", one.state == "away", cell.is_ready and _is(one, away))
            if one.state == "overdue":
                same(f"{name} is overdue", cell.state, "overdue")
            if one.is_ready:
                same(f"{name}: until when", one.until, cell.valid_until)


def _is(one, away):
    return one.person.public_id in away


def _standing(report, state):
    return {r.public_id for r in report.rows if any(cell.state == state for cell in r.cells)}


def _of(lines, reason):
    return {line.person.public_id for line in lines if line.reason == reason}


def _file(session, leader, kind, args, now):
    return registry.KINDS[kind].build(session, readers.find(session, leader.id), args, now)
