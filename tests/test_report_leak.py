"""What a manager leads is all that any report tells them: page, file, chart, count, feed, message.

Carla leads Sul. Of Norte, Bruno's team, everything has a canary. Each address is loaded with what
is hers, where it has to work; with what is of Norte; and with what is nothing: these are one.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select, text

from quizapp import clock
from quizapp.certification import assignments, cohorts, meetings
from quizapp.certification.cohorts import Plan
from quizapp.content.models import Item
from quizapp.pages import report_mails
from quizapp.people import audience, calendars, teams
from quizapp.quiz import panel_results, panels
from quizapp.quiz.models import CutPanel
from quizapp.reports import feeds, people, readers, views
from quizapp.reports.models import ExportedFile
from quizapp.reports.sheets.files import FORMATS
from quizapp.reports.sheets.registry import KINDS
from tests.certification.making import PASS, READ_ONE, add_program, enrol, sit
from tests.client import Browser
from tests.quiz.test_regrade import regraded
from tests.reports.test_readiness import YEAR, certify
from tests.test_audience_leak import LIMITED, RESTRICTED, add_procedure, add_quiz
from tests.test_key_leak import differences, normal

CANARY, NUMBER, PERSON = "Arara", "77123", "Zulmira"
# None of these stands in anything of Sul's; the last two begin the titles of what is Norte's alone.
SECRET = (CANARY, NUMBER, PERSON, "norte", "Canario-titulo", "Canario-prova")
NOTHING = "0123456789abcdef"

# Every page that managers can load and agents cannot, and the reports that agents have, too.
# Whoever adds one says here how it is asked for: {…} is filled with what is Carla's, then with what
# is of Norte, which is the same as nothing.
PAGES = {
    "analysis.index": ("/analysis",),
    "analysis.quiz": ("/analysis/{quiz}",),
    "absences.index": ("/absences",),
    "attention.index": ("/attention", "/attention?team={team}"),
    "decisions.decision": ("/decisions/{decision}",),
    "handouts.index": ("/teams/handouts",),
    "heatmap.cell": ("/heatmap/{person}?by=section&key=conexao",),
    "heatmap.index": (
        "/heatmap",
        "/heatmap?team={team}",
        "/heatmap?team={team}&by=section&period=all&sort=-total",
        "/heatmap?team={team}&by=section&procedure=conexao",
    ),
    "home.index": ("/",),
    "notices.index": ("/notices",),
    "panels.index": ("/panels",),
    "panels.item": ("/panels/{panel}/judge/1",),
    "panels.judge": ("/panels/{panel}/judge",),
    "panels.panel": ("/panels/{panel}",),
    "progress.index": ("/progress",),
    "ready.feed_list": ("/ready/feeds",),
    "ready.index": ("/ready", "/ready?team={team}"),
    "reports.index": ("/reports",),
    "sheets.download": (),  # see `files`
    "sheets.file": ("/exports/jobs/{job}/file",),
    "sheets.index": ("/exports",),
    "sheets.job": ("/exports/jobs/{job}",),
    "supervision.index": ("/supervision",),
    "team_cohorts.cohort": ("/cohorts/{cohort}",),
    "team_cohorts.index": ("/cohorts",),
    "team_programs.person": ("/people/{person}/programs",),
    "team_programs.team": ("/teams/{team}/programs",),
    "teams.attempt": ("/people/{person}/attempts/{attempt}", "/people/{own}/attempts/{attempt}"),
    "teams.index": ("/teams",),
    "teams.person": ("/people/{person}",),
    "teams.team": ("/teams/{team}",),
    "views.index": ("/views",),
    "views.settings": ("/views/{view}/change",),
    "views.show": ("/views/{view}",),
}
OF_AGENTS_TOO = {"home", "notices", "progress", "reports", "sheets"}
# The arguments by which a report is of a team or a person; others take none of them.
BY_TEAM = ("team", "programs", "heatmap", "ready", "attention")


def files(forms=FORMATS) -> Iterator[str]:
    for form in forms:
        for kind in BY_TEAM:
            yield f"/exports/{kind}.{form}"
            yield f"/exports/{kind}.{form}?team={{team}}"
        yield f"/exports/analysis.{form}"
        yield f"/exports/person.{form}"
        yield f"/exports/person.{form}?person={{person}}"
        yield f"/exports/heatmap.{form}?team={{team}}&by=section&procedure=conexao"
        yield f"/exports/panel.{form}?panel={{heard}}"


def test_each_page_of_managers_and_each_kind_of_file_is_considered(app):
    seen = set()
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", None) or frozenset()
        is_report = rule.endpoint.partition(".")[0] in OF_AGENTS_TOO or "agent" not in allowed
        if "GET" in rule.methods and "manager" in allowed and is_report:
            seen.add(rule.endpoint)
    assert seen == set(PAGES), "say how a new page is asked for, and what it may not tell"
    of_managers = {kind for kind, one in KINDS.items() if "manager" in one.roles}
    assert of_managers == {*BY_TEAM, "analysis", "panel", "person"}


@dataclass
class Scene:
    """What is Carla's and what is of Norte, by the names of the addresses' parameters."""

    own: dict[str, str] = field(default_factory=dict)
    norte: dict[str, str] = field(default_factory=dict)
    feed: str = ""  # Carla's token
    carla: str = ""
    weekly: dict[str, str] = field(default_factory=dict)

    @property
    def nothing(self) -> dict[str, str]:
        return dict.fromkeys(self.norte, NOTHING) | {"own": self.own["own"]}


@pytest.fixture
def scene(session, cast, quiz, monkeypatch):
    """Both teams did the same; of Norte there is more, which only it can see."""
    stopped = clock.now()
    monkeypatch.setattr(clock, "now", lambda: stopped)
    cast.ana.name, cast.ana.employee_number = f"{PERSON} {CANARY}", NUMBER
    cast.bia.name, cast.bia.employee_number = f"{CANARY} Bia", "77124"
    cast.bruno.name, cast.norte.name = f"{CANARY} Bruno", f"{CANARY} Norte"
    add_procedure(session, RESTRICTED, cast.norte)
    limited = add_quiz(session, LIMITED, "Canario-prova", f"{RESTRICTED}#canario-secao")
    audience.limit(session, "quiz", LIMITED, [cast.norte], by="t", now=stopped)
    taken = {who: sit(session, getattr(cast, who), quiz) for who in ("ana", "gil")}
    for who, exam in ((cast.bia, quiz), (cast.hugo, quiz), (cast.bia, limited)):
        sit(session, who, exam, right=False)
    program = add_program(session, READ_ONE, PASS, rules=YEAR)
    for who in ("ana", "gil", "bia", "hugo"):
        wanted = assignments.Wanted("person", getattr(cast, who).public_id, due_days=5)
        assignments.assign(session, program, wanted, by="t", now=stopped)
    hidden = add_program(session, READ_ONE, rules=YEAR, slug="trilha-norte")
    audience.limit(session, "program", "trilha-norte", [cast.norte], by="t", now=stopped)
    enrol(session, hidden, cast.bia)
    told = {"by": "t", "now": stopped}
    trainers = [
        teams.add_user(session, name=name, role="trainer", employee_number=name, **told)
        for name in ("Uma", "Vera")
    ]

    def judged(about, manager):
        judges = [one.public_id for one in (manager, *trainers)]
        return panels.open_panel(session, about, judges, **told).public_id

    def heard(about, manager):
        made = session.scalars(
            select(CutPanel).where(CutPanel.public_id == judged(about, manager))
        ).one()
        for judge in (manager, *trainers):
            for one in panels.of_pool(session, about):
                panels.estimate(session, made, judge.id, one, 7, stopped)
            panels.hand_in(session, made, about, judge, now=stopped)
        panel_results.drop(session, made, about, "Já há outra.", **told)
        return made.public_id

    heard_ids = heard(quiz, cast.carla), heard(limited, cast.bruno)
    panel_ids = judged(quiz, cast.carla), judged(limited, cast.bruno)
    items = {uid: id_ for id_, uid in session.execute(select(Item.id, Item.uid))}
    of_both = regraded(session, items["oito-8"], "void", "everyone")
    of_norte = regraded(session, items[f"{LIMITED}-1"], "void", "everyone")
    for who in (cast.bia, cast.hugo):
        calendars.add_absence(session, who, "leave", date(2026, 3, 3), None, **told)
    own = Scene(
        {
            "own": cast.gil.public_id,
            "team": cast.sul.public_id,
            "person": cast.gil.public_id,
            "attempt": taken["gil"].public_id,
            "decision": of_both.public_id,
            "quiz": quiz.slug,
            "panel": panel_ids[0],
            "heard": heard_ids[0],
            "cohort": _cohort(session, cast, [cast.gil, cast.ana], "Turma").public_id,
            **_kept(session, cast.carla, "team", cast.sul, [cast.sul]),
        },
        {
            "own": cast.gil.public_id,
            "team": cast.norte.public_id,
            "person": cast.ana.public_id,
            "attempt": taken["ana"].public_id,
            "decision": of_norte.public_id,
            "quiz": LIMITED,
            "panel": panel_ids[1],
            "heard": heard_ids[1],
            "cohort": _cohort(session, cast, [cast.ana, cast.bia], f"{CANARY}-turma").public_id,
            **_kept(session, cast.bruno, f"{CANARY}-vista", cast.norte, [cast.norte]),
        },
    )
    weekly = views.begin_weekly(session, readers.find(session, cast.carla.id), stopped)
    own.carla, own.weekly = cast.carla.public_id, {"view": weekly.public_id, "name": weekly.name}
    own.feed = feeds.make(session, cast.carla, "Escalas", now=stopped)
    feeds.seen(session, feeds.find(session, own.feed).id, stopped)
    feeds.make(session, cast.bruno, f"{CANARY}-sistema", now=stopped)
    session.commit()
    return own


def _cohort(session, cast, members, name):
    told = {"by": "t", "now": clock.now()}
    plan = Plan(name, None, cast.teo.id, date(2026, 3, 2), None)
    made = cohorts.begin(session, plan, **told)
    cohorts.add_members(session, made, members, **told)
    held = meetings.add(session, made, date(2026, 3, 3), 90, **told)
    there = {one.public_id: "present" for one in members}
    meetings.keep_attendance(session, made, held, there, **told)
    return made


def _kept(session, user, name, team, of) -> dict[str, str]:
    """A view, and a file that is ready."""
    now, args = clock.now(), {"team": team.public_id}
    view = views.keep(session, readers.find(session, user.id), "team", args, name, now)
    file = ExportedFile(
        user_id=user.id,
        kind="team",
        args=args,
        format="csv",
        name=f"{name}.csv",
        rows=1,
        teams=[one.public_id for one in of],
        data=name.encode(),
        at=now,
        expires_at=now + timedelta(hours=1),
    )
    session.add(file)
    session.flush()
    return {"view": view.public_id, "job": file.public_id}


@dataclass
class Walk:
    """What was loaded, by address: Carla's own; and what stands in which of the others."""

    own: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def leaks(self) -> list[str]:
        """Where something of Norte is."""
        return self.faults + [
            f"{where}: {word}"
            for where, body in self.own.items()
            for word in SECRET
            if word.lower() in body.lower()
        ]


def walk(app, browser, scene, session, forms=FORMATS) -> Walk:
    """All addresses: with what is Carla's, what is of Norte, what is nothing."""
    found = Walk()
    for address in (*(one for several in PAGES.values() for one in several), *files(forms)):
        path = address.format(**scene.own)
        if "{own}" not in address:
            response = browser.http.get(path, follow_redirects=True)
            if response.status_code != 200:
                found.faults.append(f"{path}: {response.status_code}")
            found.own[path] = said(response)
        if "{" not in address:
            continue
        theirs = browser.http.get(address.format(**scene.norte), follow_redirects=True)
        nothing = browser.http.get(address.format(**scene.nothing), follow_redirects=True)
        if (theirs.status_code, said(theirs)) != (404, said(nothing)):
            found.faults.append(f"{address}: not as if it were not there")
    given = {"Authorization": f"Bearer {scene.feed}"}
    found.own["feed"] = said(Browser(app).get("/feeds/ready.json", headers=given))
    found.own["mail"] = report_mails.words(session, scene.carla, scene.weekly, "")
    return found


def said(response) -> str:
    """What a page or file says, without what is new each time."""
    data = response.data
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    body = normal(data.decode("utf-8-sig"))
    # Choosing a language or colours leads back to the page one is on.
    return re.sub(r'name="next" value="[^"]*"|data-csrf="[^"]+"', "", body)


def test_a_manager_finds_nothing_of_another_team_and_no_count_moves_with_it(
    app, sign_in, cast, scene, session, quiz
):
    browser = sign_in(cast.carla)
    found = walk(app, browser, scene, session)
    assert found.leaks == []
    assert sum("Gil Agente" in body for body in found.own.values()) > 30, "her own people are there"

    def grow():
        """One more person of Norte, who sits the exam and is certified."""
        now = clock.now()
        more = teams.add_user(
            session, name=f"{CANARY} Nova", role="agent", employee_number="77125", by="t", now=now
        )
        teams.set_teams(session, more, [cast.norte], by="t", now=now)
        sit(session, more, quiz)
        certify(session, add_program(session, READ_ONE, rules=YEAR, slug="mais"), more, now)
        audience.limit(session, "program", "mais", [cast.norte], by="t", now=now)
        session.commit()

    grow()
    after = walk(app, browser, scene, session, ("csv",)).own
    before = {where: found.own[where] for where in after}
    assert differences(before, after) == []
    sit(session, cast.hugo, quiz)
    session.commit()
    moved = differences(before, walk(app, browser, scene, session, ("csv",)).own)
    assert {"/", "/exports/team.csv", f"/teams/{cast.sul.public_id}"} <= set(moved)


def _everybody_leads(patch):
    everything = text(
        teams._LED.text.replace("membership.user_id = :leader AND", ":leader > 0 AND")
    )
    patch.setattr(teams, "_LED", everything)


def _teams_are_mixed(patch):
    of_teams = people.of_teams

    def mixed(session, _team_ids, now):
        ids = [row.id for row in session.execute(text("SELECT id FROM team"))]
        return of_teams(session, ids, now)

    patch.setattr(people, "of_teams", mixed)


def _views_are_everybodys(patch):
    def anybodys(session, _reader, public_id):
        return session.execute(
            select(views.SavedView).where(views.SavedView.public_id == public_id)
        ).scalar_one()

    patch.setattr(views, "own", anybodys)


@pytest.mark.parametrize("broken", [_everybody_leads, _teams_are_mixed, _views_are_everybodys])
def test_a_query_that_forgot_its_reader_is_found(
    app, sign_in, cast, scene, session, monkeypatch, broken
):
    browser = sign_in(cast.carla)
    broken(monkeypatch)
    assert walk(app, browser, scene, session, ()).leaks


NAMES = ("Zulmira", "Bia", "Gil Agente", "Hugo")


def test_trainers_see_figures_without_names_and_agents_themselves_alone(sign_in, cast, scene, quiz):
    trainer = sign_in(cast.teo)
    pages = ["/", "/coverage", "/reports", "/views", "/exports/coverage.csv"]
    pages += ["/analysis", f"/analysis/{quiz.slug}", f"/analysis/{quiz.slug}/oito/oito-1"]
    pages += ["/exports/analysis.csv", f"/exports/items.csv?quiz={quiz.slug}"]
    pages += ["/trainer/programs/trilha/people", "/exports/program-people.csv?program=trilha"]
    for path in pages:
        response = trainer.http.get(path)
        assert response.status_code == 200, path
        body = said(response)
        assert not [name for name in NAMES if name in body], path
    for path in ("/ready", "/heatmap", "/attention", "/teams", f"/people/{cast.ana.public_id}"):
        trainer.get(path, status=404)
    agent = sign_in(cast.gil)
    for path in ("/", "/progress", "/programs", "/reports", "/exports/person.csv", "/notices"):
        body = said(agent.http.get(path))
        assert not [name for name in ("Zulmira", "Bia", "Hugo") if name in body], path
    manager = (one for several in PAGES.values() for one in several)
    for address in (*manager, *files(("csv",))):
        if address.partition("?")[0] in ("/", "/progress", "/reports", "/notices", "/exports"):
            continue
        for values in (scene.own, scene.norte):
            path = address.format(**values)
            if path != "/exports/person.csv":
                assert agent.http.get(path).status_code == 404, path
