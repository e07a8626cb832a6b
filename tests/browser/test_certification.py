"""From a program to a certificate that one can check, and a year later to the next."""

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from quizapp import clock
from quizapp.certification import programs
from quizapp.certification.models import Certification
from quizapp.content import importer
from quizapp.quiz.models import Attempt
from quizapp.tasks import schedule
from tests import qr
from tests.conftest import TODAY
from tests.quiz.test_attempts import give, right_answers

TEXT = """---
formato: trilha/1
id: trilha-conexao
titulo: Cliente sem conexão
idioma: pt-BR
carga_horaria: 1h30
validade: 12 meses
ordem: sim
---

Quem conclui esta trilha atende sozinho.

1. Ler: conexao#verificacao
2. Prova: oito

Para: equipe Norte, em 30 dias
"""
SECTION = "Verificação"


@pytest.fixture
def program(session, cast, quiz):
    """A program from a text, published, that the team of Ana must hold."""
    now = clock.now()
    file = importer.File("trilha-conexao.md", "trilha-conexao.md", TEXT.encode())
    importer.import_files(session, [file], by="test", now=now, today=TODAY)
    found = programs.find_any(session, "trilha-conexao")
    programs.publish(session, found, by="test", now=now, today=TODAY)
    session.commit()
    schedule.enrol(session, now)
    return found


def acknowledge(page: Page) -> None:
    """Follow what is next, which is to read a section, and say that one has."""
    page.get_by_role("link", name=re.compile("^Read: ")).click()
    page.wait_for_url("**/procedures/**")  # with its script, which keeps the focus in its place
    section = page.get_by_role("region", name=SECTION)
    expect(section).to_be_visible()
    button = section.get_by_role("button", name=re.compile("I have read this"))
    button.click()
    said = section.get_by_text("Read and aware of it")
    expect(said).to_be_visible()
    expect(said).to_be_focused()
    expect(button).to_have_count(0)


def pass_the_quiz(page: Page, session, user) -> None:
    """Start it, answer all rightly, submit, and follow the result to the program.

    In a window without script, which does not claim the attempt: the test answers for it.
    """
    page.goto("/programs")
    page.get_by_role("link", name=re.compile("^Take the quiz: ")).click()
    page.get_by_role("button", name="Start").click()
    expect(page).to_have_url(re.compile(r"/items/1$"))
    attempt = session.scalars(select(Attempt).where(Attempt.state == "open")).one()
    for position, fields in enumerate(right_answers(session, attempt), start=1):
        give(session, user, attempt, position, **fields)
    session.commit()
    page.goto(f"/attempts/{attempt.public_id}/check")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You are certified in")).to_be_visible()
    page.get_by_role("link", name="To the program").click()
    expect(page.locator(".state-valid").first).to_be_visible()
    session.expire_all()


def check_certificate(page: Page, row: Certification, told: str) -> None:
    """The code that the PDF bears leads anybody to what it says and is worth."""
    answer = page.request.get(f"/c/{row.code}.pdf")
    assert answer.ok
    leads_to = qr.read(PdfReader(io.BytesIO(answer.body())).pages[0])
    assert leads_to == row.printed["address"]
    page.goto(re.sub(r"^https?://[^/]+", "", leads_to))
    expect(page.locator(".certificate-state")).to_contain_text(told)
    expect(page.locator(".certificate-fields")).to_contain_text("Ana Agente")
    expect(page.get_by_text("Cliente sem conexão").first).to_be_visible()


def test_ana_is_certified_and_renews_after_a_year(window, session, cast, program, monkeypatch):
    page = window(cast.ana)
    locked = page.get_by_role("link", name="Cliente sem conexão").first
    locked.click()
    expect(page.get_by_text("The steps before it come first.")).to_be_visible()
    page.goto("/")
    acknowledge(page)
    plain = {"java_script_enabled": False}
    pass_the_quiz(window(cast.ana, **plain), session, cast.ana)
    first = session.scalars(select(Certification)).one()
    assert first.printed["minutes"] == 90
    check_certificate(window(), first, "Valid")

    # Ten months and some days later.
    later = clock.now() + timedelta(days=320)
    monkeypatch.setattr(clock, "now", lambda: later)
    schedule.renew(session, later)
    schedule.remind(session, later)
    page = window(cast.ana)
    page.goto("/notices")
    expect(page.get_by_text(re.compile("Cliente sem conexão.*(end|expire)")).first).to_be_visible()
    page.goto("/programs")
    expect(page.get_by_text("Renewal", exact=True).first).to_be_visible()
    expect(page.get_by_text("Expires soon")).to_be_visible()
    acknowledge(page)
    page = window(cast.ana, **plain)
    pass_the_quiz(page, session, cast.ana)
    rows = session.scalars(select(Certification).order_by(Certification.cycle)).all()
    assert [row.cycle for row in rows] == [1, 2]
    first_end, second_end = (row.valid_until for row in rows)
    assert first_end < second_end
    expect(page.get_by_role("link", name=re.compile("^Certificate"))).to_have_count(2)
    for row in rows:
        check_certificate(window(), row, "Valid")
