"""What is for another team is nowhere: in no list, search, count, picture or address.

Everything that a person can load is loaded. It has no canary; an address of what is for others is
the same as one of nothing; and when more is added that is for others, not one byte differs.
"""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import assignments, awarding, enrolments, programs
from quizapp.certification.models import Program
from quizapp.content import banks, importer, keys, pictures, procedures
from quizapp.content.models import Procedure
from quizapp.formats.images import image_of
from quizapp.people import audience
from quizapp.quiz import attempts, composing, quizzes
from quizapp.quiz.blueprints import Blueprint, Part
from quizapp.quiz.models import Attempt, Quiz
from quizapp.quiz.rules import Rules
from quizapp.reports.sheets.registry import KINDS
from tests.certification.making import acknowledge
from tests.conftest import TODAY
from tests.formats.pictures import png
from tests.pages.test_closed_book import paths
from tests.quiz.test_attempts import begin
from tests.test_key_leak import body_of, differences, normal

FIGURE = image_of(png(9, 9, 5))
PICTURE = FIGURE.name.rpartition("/")[2]
# Each word that begins so is in something that is for the team Norte, or in a draft.
CANARY = "Canario"
PROCEDURE = f"""---
id: {{slug}}
titulo: Canario-titulo {{slug}}
---
## Canario-secao

Canario-texto exclusivo sobre o roteador e o titular.

![Canario-figura]({FIGURE.name})
"""
BANK = """---
formato: questoes/1
id: {slug}
titulo: {title}
---
## {stem}? {{#{slug}-1}}
Fonte: {cites}

- [ ] Sim.
- [x] Não.

Explicação: Porque não.
"""
PROGRAM = """---
formato: trilha/1
id: {slug}
titulo: {title}
ordem: não
---
{title}, para quem começa.

{steps}

Para: todos
"""
RESTRICTED, DRAFT, LIMITED, OPEN = "so-norte", "rascunho", "prova-norte", "aberta"
PATH, OPEN_PATH = "trilha-norte", "trilha-aberta"
SECRET_SLUGS = (RESTRICTED, DRAFT, LIMITED, PATH)


def bring(session, name, text):
    file = importer.File(f"{name}.md", f"{name}.md", text.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert report.status == "added", report


def add_procedure(session, slug, team=None):
    """A procedure with canaries: for a team, or else a draft."""
    bring(session, slug, PROCEDURE.format(slug=slug))
    if team is None:
        row = procedures.find(session, slug)
        procedures.set_draft(session, row, True, by="t", now=clock.now())
    else:
        audience.limit(session, "procedure", slug, [team], by="t", now=clock.now())


def add_quiz(session, slug, title, cites, team=None):
    """A quiz of one question, for a team or for everybody; a supervisor's code starts it."""
    bring(session, slug, BANK.format(slug=slug, title=title, stem=title, cites=cites))
    made = quizzes.publish(session, banks.find(session, slug), 75, by="t", now=clock.now())
    if team is not None:
        rules = replace(quizzes.rules_of(session, made), release=True)
        blueprint = quizzes.blueprint_of(session, made)
        quizzes.revise(session, made, title, blueprint, rules, reason="", by="t", now=clock.now())
        audience.limit(session, "quiz", slug, [team], by="t", now=clock.now())
    return made


def put_together(session, bank, title, cites, team):
    """A quiz for a team, under a name of its own, of a bank that no other quiz asks."""
    bring(session, bank, BANK.format(slug=bank, title=title, stem=title, cites=cites))
    added, now = banks.find(session, bank), clock.now()
    ids = [place.revision.id for place in banks.places(session, added)]
    keys.publish(session, bank, ids, by="t", now=now, review_days=0, second=False)
    rules = Rules(cut_score=75)
    made = composing.create(
        session, title, "exam", Blueprint((Part(bank),)), rules, by="t", now=now
    )
    quizzes.open_quiz(session, made, by="t", now=now)
    audience.limit(session, "quiz", made.slug, [team], by="t", now=now)


def add_program(session, slug, title, *steps, team=None):
    """A program that everybody has to hold, or as far as it is for a team."""
    listed = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1))
    bring(session, slug, PROGRAM.format(slug=slug, title=title, steps=listed))
    if team is not None:
        audience.limit(session, "program", slug, [team], by="t", now=clock.now())
    made, now = programs.find_any(session, slug), clock.now()
    programs.publish(session, made, by="t", now=now, today=TODAY)
    assignments.enrol_due(session, now)


def sit(session, user, quiz):
    attempt = begin(session, user, quiz)
    return attempts.submit(session, user, attempt.public_id, clock.now())


@pytest.fixture
def norte(session, cast, content, monkeypatch):
    """What is for the team Norte alone, drafts, and a quiz for everybody that cites them.

    All agents took that quiz, and Hugo of the other team the one for Norte, before it was.
    """
    stopped = clock.now()
    monkeypatch.setattr(clock, "now", lambda: stopped)
    pictures.keep(session, [FIGURE], by="t", now=stopped)
    add_procedure(session, RESTRICTED, cast.norte)
    add_procedure(session, DRAFT)
    cites = f"conexao#verificacao, {RESTRICTED}#canario-secao, {DRAFT}#canario-secao"
    made = add_quiz(session, OPEN, "Prova aberta", cites)
    taken = {name: sit(session, getattr(cast, name), made) for name in ("ana", "gil", "hugo")}
    limited = add_quiz(session, LIMITED, "Canario-prova", f"{RESTRICTED}#canario-secao")
    sit(session, cast.hugo, limited)
    audience.limit(session, "quiz", LIMITED, [cast.norte], by="t", now=stopped)
    restricted = f"Ler: {RESTRICTED}", f"Ler: {RESTRICTED}#canario-secao", f"Prova: {LIMITED}"
    add_program(session, PATH, "Canario-trilha", "Ler: conexao", team=cast.norte)
    add_program(session, OPEN_PATH, "Trilha aberta", "Ler: conexao", *restricted)
    session.commit()
    return taken


class Values(dict):
    """What stands for the parameters of a route; of those unknown here nothing that is there."""

    def __missing__(self, name):
        return "0123456789abcdef"


def walk(app, browser, user, cast, taken):
    """All that this person can load by GET, and what forms about things answer."""
    browser.get("/")
    token, seen = browser.token, {}
    people = [cast.ana, cast.gil, cast.hugo, cast.norte, cast.sul, *taken.values()]
    for slug in (*SECRET_SLUGS, OPEN, OPEN_PATH, "conexao"):
        for public_id in (one.public_id for one in people):
            values = Values(slug=slug, public_id=public_id, position=1, name=PICTURE)
            values["attempt_id"] = taken["hugo"].public_id
            for endpoint, method, path in paths(app, user, values):
                if endpoint == "account.sign_out" or (method == "POST" and not is_secret(path)):
                    continue
                where = f"{method} {path}"
                if where not in seen:
                    load = browser.http.get if method == "GET" else browser.http.post
                    given = {"data": {"csrf_token": token}} if method == "POST" else {}
                    seen[where] = keep(load(path, **given))
    for kind in KINDS:
        for query in ("", *(f"?team={one.public_id}&person={one.public_id}" for one in people)):
            where = f"GET /exports/{kind}.csv{query}"
            seen[where] = keep(browser.http.get(where[4:]))
    for word in ("exclusivo", "titular", "roteador", "norte", "secao", "prova"):
        seen[f"GET /search?q={word}"] = keep(browser.http.get(f"/search?q={word}"))
    return seen


def is_secret(path):
    return any(slug in path for slug in SECRET_SLUGS)


def keep(response):
    body = body_of(response)
    found = normal(f"{response.status_code}\n{response.headers}\n{body}")
    return re.sub(r'data-csrf="[^"]+"', "", found)


def leaks(seen):
    """Where a canary is, or a slug or picture that the address did not have itself."""
    words = (CANARY, PICTURE, *SECRET_SLUGS)
    return [
        (where, word)
        for where, body in seen.items()
        for word in words
        if word in body and word not in where
    ]


@pytest.mark.parametrize("who", ["gil", "carla"])
def test_nothing_of_another_team_is_in_anything_that_one_can_load(app, sign_in, cast, norte, who):
    user = getattr(cast, who)
    seen = walk(app, sign_in(user), user, cast, norte)
    assert leaks(seen) == []
    assert seen[f"GET /images/{PICTURE}"].startswith("404")
    loaded = {where for where, body in seen.items() if body.startswith("200")}
    lists = {"GET /library", "GET /quizzes", "GET /programs", "GET /"}
    assert lists | {f"GET /quizzes/{OPEN}", f"GET /programs/{OPEN_PATH}"} <= loaded
    if who == "gil":
        assert f"GET /attempts/{norte['gil'].public_id}/result" in loaded
    else:
        hugo = cast.hugo.public_id
        assert {
            f"GET /teams/{cast.sul.public_id}",
            "GET /exports/team.csv",
            f"GET /people/{hugo}",
            f"GET /people/{hugo}/attempts/{norte['hugo'].public_id}",
            "GET /supervision",
        } <= loaded


def test_a_leader_reads_what_somebody_earned_on_their_own_pages_alone(
    app, sign_in, cast, norte, session
):
    now, hugo = clock.now(), cast.hugo
    enrolments.begin(session, programs.find_any(session, PATH), hugo, now=now, by=hugo.public_id)
    acknowledge(session, hugo)
    acknowledge(session, hugo, slug=RESTRICTED)  # done, in a program that is for everybody
    (award,) = awarding.settle(session, hugo.id, now)
    add_program(session, "trilha-norte-2", "Canario-dois", f"Prova: {OPEN}", team=cast.norte)
    other = programs.find_any(session, "trilha-norte-2")
    enrolments.begin(session, other, hugo, now=now, by=hugo.public_id)
    session.commit()
    seen = walk(app, sign_in(cast.carla), cast.carla, cast, norte)
    person, program = f"/people/{hugo.public_id}", "Canario-trilha"
    told = {where: set(re.findall(r"Canario-[\w-]+", body)) for where, body in seen.items()}
    assert {where: words for where, words in told.items() if words} == {
        f"GET {person}": {program},
        f"GET {person}/programs": {program},
        f"GET /exports/person.csv?team={hugo.public_id}&person={hugo.public_id}": {program},
    }
    assert f"/c/{award.code}" in seen[f"GET {person}/programs"]
    assert seen[f"GET /programs/{PATH}"].startswith("404")


@pytest.mark.parametrize("who", ["ana", "bruno"])
def test_its_own_team_finds_it_but_no_draft(app, sign_in, cast, norte, who):
    user = getattr(cast, who)
    seen = walk(app, sign_in(user), user, cast, norte)
    found = leaks(seen)
    assert DRAFT not in {word for _, word in found}
    lists = {"GET /library", "GET /search?q=exclusivo", "GET /quizzes", "GET /programs", "GET /"}
    pages = {
        f"GET /procedures/{RESTRICTED}",
        f"GET /quizzes/{LIMITED}",
        f"GET /programs/{PATH}",
        f"GET /programs/{OPEN_PATH}",
    }
    own = (
        {f"GET /attempts/{norte['ana'].public_id}/result"}
        if who == "ana"
        else {f"GET /teams/{cast.norte.public_id}", "GET /supervision"}
    )
    assert lists | pages | own <= {where for where, _ in found}
    assert seen[f"GET /images/{PICTURE}"].startswith("200")


@pytest.mark.parametrize("who", ["gil", "carla"])
def test_an_address_of_another_team_is_that_of_nothing(app, sign_in, cast, norte, session, who):
    user = getattr(cast, who)
    browser = sign_in(user)
    before = walk(app, browser, user, cast, norte)
    session.execute(Procedure.__table__.update().values(retired_at=clock.now()))
    session.execute(Quiz.__table__.update().values(withdrawn_at=clock.now()))
    session.execute(Program.__table__.update().values(retired_at=clock.now()))
    session.commit()
    after = walk(app, browser, user, cast, norte)
    secret = [where for where in before if is_secret(where)]
    assert len(secret) > 10
    assert [where for where in secret if before[where] != after[where]] == []
    assert differences(before, after), "what is for everybody is gone now"


@pytest.mark.parametrize("who", ["gil", "carla"])
def test_more_for_another_team_changes_not_one_byte(app, sign_in, cast, norte, session, who):
    user = getattr(cast, who)
    browser = sign_in(user)
    before = walk(app, browser, user, cast, norte)
    add_procedure(session, "so-norte-2", cast.norte)
    add_procedure(session, "rascunho-2")
    add_quiz(session, "prova-norte-2", "Canario-outra", "so-norte-2#canario-secao", cast.norte)
    add_program(session, "trilha-norte-2", "Canario-mais", "Ler: so-norte-2", team=cast.norte)
    put_together(session, "banco-norte", "Canario-montada", "conexao#verificacao", cast.norte)
    session.commit()
    assert differences(before, walk(app, browser, user, cast, norte)) == []
    assert audience.names(session, "procedure").keys() == {RESTRICTED, "so-norte-2"}


def test_what_was_opened_to_everybody_changes_what_others_load(app, sign_in, cast, norte, session):
    browser = sign_in(cast.gil)
    before = walk(app, browser, cast.gil, cast, norte)
    for kind, slug in (("procedure", RESTRICTED), ("quiz", LIMITED), ("program", PATH)):
        audience.open_up(session, kind, slug, by="t", now=clock.now())
    session.commit()
    changed = {
        re.sub(r"^GET ", "", where)
        for where in differences(before, walk(app, browser, cast.gil, cast, norte))
    }
    assert {
        "/",
        "/library",
        "/quizzes",
        "/progress",
        "/search?q=exclusivo",
        f"/procedures/{RESTRICTED}",
        f"/procedures/{RESTRICTED}/history",
        f"/quizzes/{LIMITED}",
        "/programs",
        f"/programs/{PATH}",
        f"/programs/{OPEN_PATH}",
        f"/images/{PICTURE}",
        f"/attempts/{norte['gil'].public_id}/result",
    } <= changed


def test_a_start_by_address_is_refused_as_if_there_were_no_quiz(sign_in, cast, norte, session):
    browser = sign_in(cast.gil)
    browser.post(f"/quizzes/{LIMITED}/start", status=404)
    browser.post("/quizzes/nada/start", status=404)
    browser.get(f"/quizzes/{LIMITED}", status=404)
    limited = session.execute(select(Quiz.id).where(Quiz.slug == LIMITED)).scalar_one()
    assert (
        session.execute(
            select(Attempt.id).where(Attempt.quiz_id == limited, Attempt.user_id == cast.gil.id)
        ).first()
        is None
    )


def test_what_one_did_oneself_stays(sign_in, cast, norte):
    page = sign_in(cast.hugo).get("/progress")
    assert "Canario-prova" in page, "an attempt of one's own, from before"
    assert "Canario-titulo" not in page
