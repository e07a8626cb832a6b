"""The character NUL: SQLite keeps it, PostgreSQL does not, nobody types it."""

from sqlalchemy import select

from quizapp import clock
from quizapp.content import importer
from quizapp.content.models import ProcedureRevision, Section
from tests.conftest import TODAY


def test_nul_is_refused_in_what_is_sent_and_looked_for(cast, sign_in):
    browser = sign_in(cast.iara)
    browser.post("/admin/teams", {"name": "Les\0te"}, status=422)
    assert browser.http.get("/library?q=a%00b").status_code == 400
    assert browser.http.get("/procedures/a%00b").status_code == 400
    browser.post("/admin/teams", {"name": "Leste"})


def test_nul_is_refused_in_an_answer_and_nothing_is_saved(cast, sign_in, quiz):
    browser = sign_in(cast.ana)
    page = browser.post("/quizzes/oito/start")
    public_id = page.partition("/attempts/")[2].partition("/")[0]
    sent = {"option": "\0", "client": "a\0", "seq": "1"}
    answer = browser.post_json(f"/attempts/{public_id}/items/1", sent, status=422)
    assert answer["saved"] is False


def test_nul_in_a_file_is_left_out_or_refused(session):
    files = [
        ("a.md", b'---\ntitulo: "Fibra\\0 optica"\n---\n# Fibra\n\nOlhe o LED.\n'),
        ("b.md", "# Sinal\n\nOlhe\0 o LED.\n".encode("utf-16")),
        (
            "c.json",
            b'{"format": "questoes/1", "id": "c\\u0000", "title": "C\\u0000", "items": '
            b'[{"id": "c-1", "stem": "Qual\\u0000?", "options": ["a\\u0000", "b"], "key": [1]}]}',
        ),
        ("d.md", b"# Um\n\nDois &#0; tr\xc3\xaas.\n"),
    ]
    files = [importer.File(name, name, data) for name, data in files]
    reports = importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)
    session.commit()
    assert [(report.path, report.status) for report in reports] == [
        ("a.md", "added"),
        ("b.md", "added"),
        ("c.json", "refused"),
        ("d.md", "added"),
    ]
    (problem,) = reports[2].problems
    assert (problem.code, problem.line) == ("json-invalid", 1)
    for model in (ProcedureRevision, Section):
        for row in session.execute(select(model)).scalars():
            assert "\0" not in "".join(v for v in vars(row).values() if isinstance(v, str))
