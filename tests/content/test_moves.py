"""Sections that a new version has under another heading, or not at all."""

from sqlalchemy import select

from quizapp import clock
from quizapp.content import banks, citations, moves
from quizapp.content.models import SectionMove
from tests.conftest import TODAY
from tests.content.test_importer import bank_text, bring, item  # noqa: F401 - a fixture

BODY = "Confirme o titular, o endereço e o ponto de acesso antes de abrir qualquer chamado."
MORE = "Olhe os LEDs da ONU e anote a cor de cada um deles no sistema de atendimento."
OTHER = "A fatura vence no dia dez e pode ser paga por boleto ou Pix."


def guide(*sections):
    return "# Guia\n\n" + "\n\n".join(f"## {head}\n\n{body}" for head, body in sections) + "\n"


def cited(session, today=TODAY):
    places = banks.places(session, banks.find(session, "b"))
    return [
        c
        for p in places
        for c in citations.cited_by(session, [p.revision.id], today)[p.revision.id]
    ]


def test_a_renamed_heading_is_recognised_and_the_citation_follows(session, bring):  # noqa: F811
    bank = bank_text(item(1).replace("\n\n- [x]", "\nFonte: guia#verificacao\n\n- [x]", 1))
    bring(guia=guide(("Verificação", BODY), ("Fatura", OTHER)), b=bank)
    (before,) = cited(session)
    bring(guia=guide(("Fatura", OTHER), ("Primeiras checagens", BODY)))
    (move,) = session.execute(select(SectionMove)).scalars()
    assert (move.how, move.state, move.new_anchor) == (
        "renamed",
        "recognised",
        "primeiras-checagens",
    )
    (after,) = cited(session)
    assert after.heading == "Primeiras checagens"
    assert after.hash == before.hash, "the text did not change"


def test_a_section_that_only_moved_is_nothing_to_say(session, bring):  # noqa: F811
    bring(guia=guide(("Verificação", BODY), ("Fatura", OTHER)))
    bring(guia=guide(("Fatura", OTHER), ("Verificação", BODY)))
    assert session.execute(select(SectionMove)).first() is None


def test_a_split_section_is_asked_about_and_decided(session, bring):  # noqa: F811
    bank = bank_text(item(1).replace("\n\n- [x]", "\nFonte: guia#verificacao\n\n- [x]", 1))
    bring(guia=guide(("Verificação", f"{BODY}\n\n{MORE}"), ("Fatura", OTHER)), b=bank)
    bring(guia=guide(("Titular", BODY), ("Luzes", MORE), ("Fatura", OTHER)))
    ((_, move),) = moves.asked(session)
    assert move.how == "split"
    assert set(move.candidates) == {"titular", "luzes"}
    assert cited(session)[0].title == "", "nothing is followed before a person says"
    moves.decide(session, "guia", move.id, "luzes", by="teo", now=clock.now())
    assert cited(session)[0].heading == "Luzes"
    assert moves.asked(session) == []


def test_a_section_that_is_gone_is_gone(session, bring):  # noqa: F811
    bank = bank_text(item(1).replace("\n\n- [x]", "\nFonte: guia#fatura\n\n- [x]", 1))
    bring(guia=guide(("Verificação", BODY), ("Fatura", OTHER)), b=bank)
    report = bring(guia=guide(("Verificação", BODY)))
    assert [p.code for p in report["b"].problems] == ["source-unknown"]
    (move,) = session.execute(select(SectionMove)).scalars()
    assert (move.how, move.new_anchor) == ("gone", None)


def test_renamed_twice_is_followed_twice(session, bring):  # noqa: F811
    bank = bank_text(item(1).replace("\n\n- [x]", "\nFonte: guia#a\n\n- [x]", 1))
    bring(guia=guide(("A", BODY), ("Fatura", OTHER)), b=bank)
    bring(guia=guide(("B", BODY), ("Fatura", OTHER)))
    bring(guia=guide(("C", BODY), ("Fatura", OTHER)))
    assert cited(session)[0].heading == "C"
    bring(guia=guide(("A", BODY), ("Fatura", OTHER)))
    assert cited(session)[0].heading == "A", "the first name is back"
