"""Before its review is allowed no key leaves the server: not in text, order, codes or headers.

Two ways of looking, each tried on variants that are broken on purpose. Every text that belongs to
a key has a canary, which nothing that an agent can load contains. And everything is loaded, the
keys are changed underneath, and everything is loaded again: not one byte may differ.
"""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup
from sqlalchemy import select, text

from quizapp import clock
from quizapp.content import banks, importer, pictures
from quizapp.content.models import ItemKey, ItemRevision
from quizapp.formats.images import image_of
from quizapp.quiz import attempts, quizzes
from quizapp.quiz.models import Attempt, AttemptItem, Response
from tests.conftest import TODAY
from tests.formats.pictures import png
from tests.pages.test_closed_book import paths

FIGURE = image_of(png(7, 7, 3))
SECRET = image_of(png(8, 8, 4))  # in an explanation alone
# Every word that begins so belongs to a key; 24.16 and 24.90 are the ends of a number's range.
CANARY = "Canario"
NUMBERS = ("24.16", "24,16", "24.9", "24,9", "24.53", "24,53")
BANK = f"""---
formato: questoes/1
id: segredo
titulo: Banco secreto
nota_minima: 75
---
## Quem se confirma? {{#seg-1}}
Fonte: conexao#verificacao
Competências: triagem
Etiquetas: Canario-etiqueta

![a luz]({FIGURE.name})

- [ ] O modelo.
  > Canario-retorno-um exclusivo
- [x] O titular.
  > Canario-retorno-dois exclusivo
- [ ] A cor.
  > Canario-retorno-tres exclusivo

Explicação: Canario-explicacao-um exclusivo ![segredo]({SECRET.name})

## O que se registra? (marque todas) {{#seg-2}}
Fonte: conexao#encerramento

- [x] O protocolo.
  > Canario-retorno-quatro
- [x] O combinado.
- [ ] A senha.
- [ ] O saldo.

Explicação: Canario-explicacao-dois

## O sinal é normal. {{#seg-3}}

- [x] Verdadeiro
- [ ] Falso

Explicação: Canario-explicacao-tres

## Ponha na ordem. {{#seg-4}}

1. Confirmar
2. Ver
3. Medir
4. Ligar

Explicação: Canario-explicacao-quatro

## Ligue. {{#seg-5}}

- Saudação -> Dizer
- Despedida -> Agradecer
- Meio -> Ouvir

Explicação: Canario-explicacao-cinco

## Que equipamento? {{#seg-6}}

Resposta: Canario-aceita-um
Resposta: Canario-aceita-dois

Explicação: Canario-explicacao-seis

## Até que valor? {{#seg-7}}

Resposta: 24,53 ± 0,37

Explicação: Canario-explicacao-sete
"""
GIVEN = (
    {"option": "1"},
    {"option": ["1", "3"]},
    {"option": "2"},
    {f"place-{n}": str(n) for n in range(1, 5)},
    {f"match-{n}": str(n) for n in range(1, 4)},
    {"text": "não sei"},
    {"text": "3,5"},
)
KINDS = ["single", "multiple", "true_false", "ordering", "matching", "short_answer", "numeric"]


@pytest.fixture
def secret(session, content):
    """The quiz of the bank with the canaries, its seven items in order."""
    pictures.keep(session, [FIGURE, SECRET], by="t", now=clock.now())
    file = importer.File("segredo.md", "segredo.md", BANK.encode())
    (report,) = importer.import_files(session, [file], by="t", now=clock.now(), today=TODAY)
    assert report.status == "added", report
    quiz = quizzes.publish(session, banks.find(session, "segredo"), 75, by="t", now=clock.now())
    session.commit()
    return quiz


@pytest.fixture
def ana(sign_in, cast, secret, session, monkeypatch):
    """Ana's browser in the middle of an attempt with a known seed, all answered."""
    monkeypatch.setattr("secrets.randbits", lambda _bits: 7)
    stopped = clock.now()  # what names a save by its time must not differ from round to round
    monkeypatch.setattr(clock, "now", lambda: stopped)
    browser = sign_in(cast.ana)
    browser.get("/quizzes/segredo")
    browser.post("/quizzes/segredo/start")
    attempt = session.execute(select(Attempt)).scalar_one()
    sheet = attempts.sheet(session, attempt)
    assert [item.kind for item in sheet.items] == KINDS
    for position, fields in enumerate(GIVEN, start=1):
        browser.post_json(f"/attempts/{attempt.public_id}/items/{position}", fields)
    session.commit()
    browser.attempt = attempt.public_id
    return browser


SCRIPT, PERSON = {"Accept": "application/json"}, {"Accept": "text/html"}


class Loader:
    """Loads as a person's browser and as a script does, and keeps bodies and headers."""

    def __init__(self, browser) -> None:
        self.browser = browser
        self.here = f"/attempts/{browser.attempt}"
        self.seen: dict[str, str] = {}

    def keep(self, name, response):
        body = body_of(response)
        self.seen[f"{response.status_code} {name}"] = normal(f"{response.headers}\n{body}")

    def get(self, path):
        if f"200 {path} text/html" in self.seen:
            return
        for headers in (PERSON, SCRIPT):
            response = self.browser.http.get(path, headers=headers)
            self.keep(f"{path} {headers['Accept']}", response)

    def post(self, path, fields):
        for headers in (PERSON, SCRIPT):
            data = {"csrf_token": self.browser.token, **fields}
            response = self.browser.http.post(path, data=data, headers=headers)
            self.keep(f"POST {path} {fields} {headers['Accept']}", response)

    def questions(self) -> dict[str, str]:
        """The pages that show the attempt's questions."""
        for position in range(1, len(GIVEN) + 1):
            self.get(f"{self.here}/items/{position}")
        for page in ("all", "check", "state"):
            self.get(f"{self.here}/{page}")
        return self.seen

    def everything(self, app, user) -> dict[str, str]:
        """All that this person can load: every route, answers good and bad, errors, files."""
        self.questions()
        for slug in ("segredo", "conexao"):
            values = {"slug": slug, "position": 1, "public_id": self.browser.attempt}
            values |= {"name": FIGURE.name.rpartition("/")[2], "kind": "person", "form": "csv"}
            for _, method, path in paths(app, user, values):
                if method == "GET":
                    self.get(path)
        for position, given in enumerate(GIVEN, start=1):
            for fields in ({"option": "99"}, {"option": ["1", "2"]}, {}, given):
                self.post(f"{self.here}/items/{position}", fields)
            self.post(f"{self.here}/items/{position}", {**given, "client": "another"})
        for word in ("exclusivo", "titular", "seg-1", "Banco secreto", "etiqueta", "dBm"):
            self.get(f"/search?q={word}")
        self.errors()
        for path in ("/healthz", "/readyz", "/sign-in", "/first-access"):
            self.get(path)
        files = [f for f in Path(app.static_folder).rglob("*") if f.is_file()]
        for file in files:
            path = f"/static/{file.relative_to(app.static_folder)}"
            self.keep(path, self.browser.http.get(path))
        return self.seen

    def errors(self) -> None:
        """Refusals of every kind, by page and by code."""
        for path in ("/items/99", "/contest/1"):
            self.get(f"{self.here}{path}")
        for path in ("/attempts/ffff/result", "/banks/segredo", "/late", "/sign-out"):
            self.get(path)
        self.post("/library", {})
        for fields in ({"client": "one"}, {"client": "two"}, {"client": "page", "take": "1"}):
            self.post(f"{self.here}/hold", fields)
        self.post(f"{self.here}/flags/1", {"on": "0"})
        self.post(f"{self.here}/items/1", {"csrf_token": "wrong"})
        self.post(f"{self.here}/contest/1", {"reason": "O procedimento diz outra coisa."})
        self.post("/procedures/conexao/read", {"read": "verificacao x"})
        for headers in (PERSON, SCRIPT):
            data = {"csrf_token": self.browser.token, "text": "x" * 2**21}
            response = self.browser.http.post("/notices/read", data=data, headers=headers)
            self.keep(f"POST too large {headers['Accept']}", response)


def everything(app, browser, user):
    return Loader(browser).everything(app, user)


def body_of(response) -> str:
    """What was sent; of an archive, what is in it."""
    if response.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(response.get_data())) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return response.get_data(as_text=response.mimetype.startswith(("text/", "application/j")))


def normal(body: str) -> str:
    """Without what is new in each answer: tokens, the server's times and cookies."""
    body = re.sub(r'(csrf_token" (?:type="hidden" )?value=|"csrf":\s*)"[^"]+"', r"\1", body)
    body = re.sub(r"(?im)^(Set-Cookie|Date|Expires|X-Request-ID): .*$", r"\1", body)
    return re.sub(r'"(seconds|uptime)":\s*[\d.]+', "", body)


def leaks(seen: dict[str, str]) -> list[tuple[str, str]]:
    """Which canary is where."""
    words = (CANARY, SECRET.name.rpartition("/")[2], *NUMBERS)
    return [
        (where, word)
        for where, body in seen.items()
        for word in words
        # Style sheets have numbers of their own.
        if word in body and not (word in NUMBERS and "/static/" in where)
    ]


def change_keys(session) -> None:
    """Give the same items other keys, and the ordering and matching ones another source order.

    What is shown stays where it is: the places shown are mapped to the new source order.
    """
    drop_triggers(session)
    turn = {"ordering": [2, 0, 3, 1], "matching": [1, 2, 0]}  # new source index of each old one
    rows = session.execute(
        select(AttemptItem, ItemRevision, ItemKey)
        .join(ItemRevision, ItemRevision.id == AttemptItem.item_revision_id)
        .join(ItemKey, ItemKey.item_revision_id == ItemRevision.id)
    ).all()
    assert len(rows) == len(KINDS)
    for item, revision, key in rows:
        content, value = dict(revision.content), dict(key.value)
        if item.kind in ("single", "multiple", "true_false"):
            value["fractions"] = value["fractions"][1:] + value["fractions"][:1]
        elif item.kind in turn:
            side = "options" if item.kind == "ordering" else "rights"
            new = turn[item.kind]
            content[side] = [content[side][new.index(i)] for i in range(len(new))]
            item.shown = [new[source] for source in item.shown]
            _turn_response(session, item, new)
        elif item.kind == "short_answer":
            value["answers"] = [{"text": "não sei", "fraction": 1}]
        else:
            value["answers"] = [{"low": 3, "high": 4, "fraction": 1}]
        assert (value, content) != (key.value, revision.content), item.kind
        key.value, revision.content = value, content
    session.commit()


def _turn_response(session, item, new) -> None:
    response = session.get_one(Response, (item.attempt_id, item.position))
    if item.kind == "ordering":
        given = response.value["positions"]
        response.value = {"positions": [given[new.index(i)] for i in range(len(new))]}
    else:
        given = response.value["matches"]
        response.value = {"matches": [None if g is None else new[g] for g in given]}


def drop_triggers(session) -> None:
    """Keys and revisions are immutable: that is lifted here, in a test's own database."""
    names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for (name,) in names.all():
        session.execute(text(f'DROP TRIGGER "{name}"'))


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What of the same requests is not the same any more."""
    assert before
    return [where for where in sorted({*before, *after}) if before.get(where) != after.get(where)]


def test_no_canary_is_in_anything_an_agent_can_load(app, cast, ana):
    seen = everything(app, ana, cast.ana)
    assert leaks(seen) == []
    statuses = {where.split()[0] for where in seen}
    assert {"200", "303", "400", "404", "405", "409", "413", "422"} <= statuses
    for kind in ("/search?q=", "/static/js/", "/procedures/conexao ", "/images/", "/state "):
        assert any(kind in where and where.startswith("200") for where in seen), kind
    assert any("Quem se confirma?" in body for body in seen.values()), "the questions were loaded"


def test_what_says_that_the_database_is_away_has_none(ana, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def gone(*_args, **_kwargs):
        raise OperationalError("SELECT Canario", {}, Exception("database is locked"))

    monkeypatch.setattr("quizapp.quiz.attempts.sheet", gone)
    for headers in (PERSON, SCRIPT):
        response = ana.http.get(f"/attempts/{ana.attempt}/items/1", headers=headers)
        assert response.status_code in (500, 503)
        assert CANARY not in response.text


@pytest.mark.sqlite("its triggers are dropped to change keys underneath")
def test_nothing_an_agent_can_load_depends_on_the_key(app, cast, ana, session):
    before = everything(app, ana, cast.ana)
    change_keys(session)
    assert differences(before, everything(app, ana, cast.ana)) == []


def show_in_options(html):
    """A broken variant: the pages of taking show something of the key in the options."""
    true = attempts.sheet

    def sheet(session, attempt):
        found = true(session, attempt)
        keys = session.execute(
            select(ItemKey.value, ItemRevision.remarks, AttemptItem.shown)
            .join(ItemRevision, ItemRevision.id == ItemKey.item_revision_id)
            .join(AttemptItem, AttemptItem.item_revision_id == ItemRevision.id)
            .order_by(AttemptItem.position)
        ).all()
        items = [
            replace(item, options=tuple(html(item, *key)))
            for item, key in zip(found.items, keys, strict=True)
        ]
        return replace(found, items=items)

    return sheet


def with_feedback(item, key, remarks, shown):
    for option, source in zip(item.options, shown, strict=False):
        said = remarks["feedback"]
        yield replace(option, html=option.html + Markup(said[source] if source < len(said) else ""))


def with_attribute(item, key, remarks, shown):
    for option, source in zip(item.options, shown, strict=False):
        right = source < len(key.get("fractions", ())) and key["fractions"][source] > 0
        yield replace(option, html=option.html + Markup('<i data-correct="1"></i>' * right))


def in_order(item, key, remarks, shown):
    fractions = key.get("fractions", ())
    pairs = list(zip(item.options, shown, strict=False))
    if fractions:
        pairs.sort(key=lambda pair: -fractions[pair[1]])
    return [option for option, _ in pairs]


def by_source(item, key, remarks, shown):
    for option, source in zip(item.options, shown, strict=False):
        yield replace(option, html=option.html + Markup(f'<i data-id="{source}"></i>'))


def test_feedback_on_a_page_is_found(app, cast, ana, monkeypatch):
    monkeypatch.setattr(attempts, "sheet", show_in_options(with_feedback))
    assert any("/items/1" in where for where, _ in leaks(Loader(ana).questions()))


@pytest.mark.sqlite("its triggers are dropped to change keys underneath")
@pytest.mark.parametrize("broken", [with_attribute, in_order, by_source])
def test_an_attribute_an_order_or_a_source_index_is_found(
    app, cast, ana, session, monkeypatch, broken
):
    monkeypatch.setattr(attempts, "sheet", show_in_options(broken))
    before = Loader(ana).questions()
    assert leaks(before) == [], "no canary shows it"
    change_keys(session)
    assert any("/items/" in where for where in differences(before, Loader(ana).questions()))


def submit(session, ana, cast) -> None:
    attempt = session.execute(select(Attempt)).scalar_one()
    attempts.submit(session, cast.ana, attempt.public_id, clock.now())
    session.commit()


def test_after_failing_there_is_still_none(app, cast, ana, session):
    submit(session, ana, cast)
    seen = everything(app, ana, cast.ana)
    assert any("result-failed" in body for body in seen.values())
    assert leaks(seen) == []


def test_after_passing_key_and_explanations_show(app, cast, ana, session):
    quiz = session.execute(select(Attempt)).scalar_one()
    quiz.cut_score = 0
    submit(session, ana, cast)
    page = ana.get(f"/attempts/{ana.attempt}/result")
    for shown in ("Canario-explicacao-sete", "Canario-aceita-um", "Canario-retorno-dois", "24,16"):
        assert shown in page
    assert "is-key" in page
    assert "Canario-etiqueta" not in page, "tags are for trainers"
