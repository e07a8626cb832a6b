"""Questions without a section are linked with one press; what is missing is noted."""

from quizapp.content import banks, citations, linking
from tests.conftest import TODAY


def first(session):
    return linking.unlinked(session, TODAY)[0]


def test_the_seed_like_bank_waits_to_be_linked(sign_in, cast, content, session):
    page = sign_in(cast.teo).get("/links")
    rows = linking.unlinked(session, TODAY)
    assert {row.bank.slug for row in rows} >= {"sem-gabarito"}
    assert page.count("/link") >= len(rows)


def test_a_question_is_linked_with_one_press(sign_in, cast, content, session):
    row = next(
        r for r in linking.unlinked(session, TODAY) if linking.proposals(session, r.revision, TODAY)
    )
    before = len(linking.unlinked(session, TODAY))
    browser = sign_in(cast.teo)
    address = f"/banks/{row.bank.slug}/items/{row.item.uid}/link"
    page = browser.get(address)
    reference = page.split('name="section" value="')[1].split('"')[0]
    browser.post(address, {"section": reference})
    session.expire_all()
    assert len(linking.unlinked(session, TODAY)) == before - 1
    place = next(
        p
        for p in banks.places(session, banks.find(session, row.bank.slug))
        if p.item.uid == row.item.uid
    )
    (cited,) = citations.cited_by(session, [place.revision.id], TODAY)[place.revision.id]
    assert cited.reference == reference
    assert reference in browser.get(f"/banks/{row.bank.slug}/history")


def test_what_no_procedure_says_is_noted_to_be_written(sign_in, cast, content, session):
    row = first(session)
    browser = sign_in(cast.teo)
    address = f"/banks/{row.bank.slug}/items/{row.item.uid}/link"
    browser.get(address)
    browser.post(address, {"section": "unwritten", "note": "Troca de plano"})
    assert "Troca de plano" in browser.get("/links")
    noted = {r.item.uid: r.note for r in linking.unlinked(session, TODAY)}
    assert noted[row.item.uid] == "Troca de plano"


def test_a_section_that_is_not_there_cannot_be_cited(sign_in, cast, content, session):
    row = first(session)
    browser = sign_in(cast.teo)
    address = f"/banks/{row.bank.slug}/items/{row.item.uid}/link"
    browser.get(address)
    browser.post(address, {"section": "conexao#nada"}, status=404)
    browser.get("/banks/nada/items/x/link", status=404)


def test_sections_without_a_question_are_listed(sign_in, cast, content, session):
    found = {(s.slug, s.anchor) for s in linking.uncovered(session, TODAY)}
    cited = {
        (c.slug, c.anchor)
        for bank, _ in banks.live(session)
        for rows in citations.cited_by(
            session, [p.revision.id for p in banks.places(session, bank)], TODAY
        ).values()
        for c in rows
        if c.title
    }
    assert found
    assert not found & cited


def test_only_trainers_link(sign_in, cast, content):
    sign_in(cast.bruno).get("/links", status=404)
