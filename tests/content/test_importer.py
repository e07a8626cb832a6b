"""Importing: whole or not at all, twice changes nothing, ids and keys survive edits."""

import hashlib

import pytest
from sqlalchemy import select, text

from quizapp import clock
from quizapp.content import banks, importer, keys
from quizapp.content.models import (
    Bank,
    Item,
    ItemKey,
    ItemRevision,
    Procedure,
    ProcedureRevision,
    Section,
)
from tests.conftest import SAMPLES, TODAY
from tests.databases import tables

ITEM = """## Pergunta {n}? {{#p-{n}}}

- [{a}] Sim, com certeza.
- [{b}] Não, de modo algum.
- [ ] Depende do caso.
"""


def bank_text(*items, title="Banco"):
    head = f"---\nformato: questoes/1\nid: b\ntitulo: {title}\n---\n"
    return head + "\n".join(items)


def item(n, key="a"):
    return ITEM.format(n=n, a="x" if key == "a" else " ", b="x" if key == "b" else " ")


@pytest.fixture
def bring(session, tmp_path):
    """Write files into a folder and import it; gives the reports by file name."""
    folder = tmp_path / "files"
    folder.mkdir()

    def run(**texts):
        for name, content in texts.items():
            path = folder / f"{name}.md"
            if content is None:
                path.unlink()
            else:
                path.write_text(content, encoding="utf-8")
        files = importer.gather([folder])
        reports = importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)
        session.commit()
        run.files = files
        return {report.path.rpartition("/")[2].removesuffix(".md"): report for report in reports}

    run.folder = folder
    return run


def dump(session, without=()):
    """A hash of every row of every table, save those left out."""
    digest = hashlib.sha256()
    for name in [n for n in tables(session) if n not in without]:
        for row in session.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608
            digest.update(repr(tuple(row)).encode())
    session.commit()
    return digest.hexdigest()


def find(session, uid):
    return session.execute(select(Item).where(Item.uid == uid)).scalar_one()


def revisions(session, uid):
    return list(
        session.execute(
            select(ItemRevision).join(Item).where(Item.uid == uid).order_by(ItemRevision.number)
        ).scalars()
    )


def states(session, uid):
    rows = session.execute(
        select(ItemKey.state).join(Item).where(Item.uid == uid).order_by(ItemKey.version)
    )
    return list(rows.scalars())


def test_the_samples_come_in(content):
    status = {r.path.rpartition("/")[2]: (r.kind, r.status, r.items, r.unkeyed) for r in content}
    assert status == {
        "conexao.md": ("procedure", "added", 0, 0),
        "telefone.txt": ("procedure", "added", 0, 0),
        "oito.md": ("bank", "added", 9, 0),
        "sem-gabarito.txt": ("bank", "added", 3, 3),
    }


def test_importing_twice_changes_not_one_row(session, content):
    before = dump(session)
    files = importer.gather([SAMPLES / "procedures", SAMPLES / "banks"])
    again = importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)
    session.commit()
    assert {r.status for r in again} == {"unchanged"}
    assert [(r.path, r.problems, r.unkeyed) for r in again] == [
        (r.path, r.problems, r.unkeyed) for r in content
    ]
    assert dump(session) == before


def test_a_refused_file_changes_nothing_and_the_others_go_on(session, bring):
    bad = bank_text(item(1), item(1))
    reports = bring(bad=bad, good="# Bom dia\n\n## Parte\n\nTexto da parte.\n")
    assert reports["bad"].status == "refused"
    assert any(p.severity == "error" for p in reports["bad"].problems)
    assert reports["good"].status == "added"
    assert session.execute(select(Bank)).first() is None
    assert session.execute(select(Procedure.slug)).scalars().all() == ["good"]


def test_editing_an_item_keeps_its_id_and_adds_a_revision(session, bring):
    bring(b=bank_text(item(1), item(2)))
    reports = bring(b=bank_text(item(1), item(2).replace("Depende do caso", "Só às vezes")))
    assert reports["b"].status == "updated"
    assert [r.number for r in revisions(session, "p-1")] == [1]
    first, second = revisions(session, "p-2")
    assert first.content["options"][2]["text"] == "Depende do caso."
    assert second.content["options"][2]["text"] == "Só às vezes."


def test_revisions_are_immutable_in_the_database(session, bring):
    bring(b=bank_text(item(1)))
    with pytest.raises(Exception, match="immutable"):
        session.execute(text("UPDATE item_revision SET stem = 'x'"))


def test_a_file_without_a_key_never_erases_one(session, bring):
    bring(b=bank_text(item(1)))
    bring(b=bank_text(item(1, key=None)))
    status = keys.statuses(session, [revisions(session, "p-1")[-1].id])
    assert next(iter(status.values())).state == "confirmed"
    assert states(session, "p-1") == ["confirmed"]


def test_a_changed_key_of_an_unused_item_is_a_new_version(session, bring):
    bring(b=bank_text(item(1)))
    bring(b=bank_text(item(1, key="b")))
    assert states(session, "p-1") == ["confirmed", "confirmed"]
    assert len(revisions(session, "p-1")) == 1


def test_a_changed_key_of_an_item_in_use_is_only_proposed(session, bring, monkeypatch):
    bring(b=bank_text(item(1)))
    monkeypatch.setattr(keys, "in_use", [lambda session, item_id: True])
    reports = bring(b=bank_text(item(1, key="b")))
    assert states(session, "p-1") == ["confirmed", "proposed"]
    assert "key-change-proposed" in {p.code for p in reports["b"].problems}
    status = keys.statuses(session, [revisions(session, "p-1")[-1].id])
    assert next(iter(status.values())).confirmed["fractions"][0] == 1


def test_a_changed_option_asks_for_its_key_to_be_confirmed_again(session, bring):
    bring(b=bank_text(item(1)))
    reports = bring(b=bank_text(item(1).replace("Depende", "Isso depende")))
    assert states(session, "p-1") == ["confirmed", "unconfirmed"]
    assert "key-to-confirm" in {p.code for p in reports["b"].problems}
    latest = revisions(session, "p-1")[-1]
    keys.confirm(session, latest, by="t", now=clock.now())
    assert keys.statuses(session, [latest.id])[latest.id].state == "confirmed"


def test_a_changed_explanation_leaves_the_key_alone(session, bring):
    bring(b=bank_text(item(1)))
    bring(b=bank_text(item(1) + "\nExplicação: porque sim.\n"))
    assert states(session, "p-1") == ["confirmed", "confirmed"]
    assert len(revisions(session, "p-1")) == 2


NO_IDS = """---
formato: questoes/1
id: s
titulo: Sem ids
---
## Qual é a primeira coisa que se faz no atendimento?

- [x] Cumprimentar o cliente.
- [ ] Desligar o telefone.
- [ ] Abrir uma ordem de serviço.

## Onde se registra o protocolo do atendimento?

- [x] No sistema.
- [ ] Num papel.
- [ ] Em lugar nenhum.
"""


def test_without_ids_a_typo_or_a_new_order_makes_no_second_item(session, bring):
    bring(s=NO_IDS)
    uids = set(session.execute(select(Item.uid)).scalars())
    session.commit()
    head, first, second = NO_IDS.partition("## Qual")[0], *NO_IDS.split("## ")[1:]
    bring(s=f"{head}## {second}\n## {first.replace('primeira coisa', 'primeira cousa')}")
    assert set(session.execute(select(Item.uid)).scalars()) == uids
    order = [p.item.uid for p in banks.places(session, banks.find(session, "s"))]
    assert order == sorted(uids, reverse=True)


def test_importing_never_retires_what_it_does_not_see(session, bring):
    bring(b=bank_text(item(1), item(2)))
    reports = bring(b=bank_text(item(1)))
    assert "item-kept" in {p.code for p in reports["b"].problems}
    uids = [p.item.uid for p in banks.places(session, banks.find(session, "b"))]
    assert uids == ["p-1", "p-2"]


def test_prune_alone_retires_what_is_gone_from_its_folder(session, bring, content):
    bring(b=bank_text(item(1), item(2)), p="# Título\n\nUm texto.\n")
    bring(b=bank_text(item(1)), p=None)
    gone = importer.prune(session, bring.folder, bring.files, by="t", now=clock.now())
    assert gone == ["p", "b (1)"]
    live = set(
        session.execute(select(Procedure.slug).where(Procedure.retired_at.is_(None))).scalars()
    )
    assert live == {"conexao", "telefone"}, "other folders are left alone"
    assert [p.item.uid for p in banks.places(session, banks.find(session, "b"))] == ["p-1"]
    assert find(session, "p-2").retired_at is not None
    assert session.execute(select(ProcedureRevision)).first(), "what was imported stays"


def test_what_was_retired_comes_back_as_the_same(session, bring):
    bring(p="# Título\n\nUm texto.\n")
    bring(p=None)
    importer.prune(session, bring.folder, bring.files, by="t", now=clock.now())
    reports = bring(p="# Título\n\nUm texto.\n")
    assert reports["p"].status == "updated"
    assert session.execute(select(Procedure)).scalar_one().retired_at is None


def test_two_files_with_one_identity_do_not_replace_each_other(session, bring):
    reports = bring(b=bank_text(item(1)), c=bank_text(item(2)))
    assert sorted(r.status for r in reports.values()) == ["added", "refused"]
    refused = next(r for r in reports.values() if r.status == "refused")
    assert refused.problems[-1].code == "identity-taken"


def test_an_edited_section_is_a_new_revision_and_the_old_one_stays(session, bring):
    bring(p="# Título\n\n## Parte\n\nUm texto.\n")
    bring(p="# Título\n\n## Parte\n\nOutro texto.\n")
    rows = session.execute(
        select(ProcedureRevision.number, Section.text)
        .join(Section, Section.revision_id == ProcedureRevision.id)
        .order_by(ProcedureRevision.number)
    ).all()
    assert [tuple(row) for row in rows] == [(1, "Um texto."), (2, "Outro texto.")]


def test_a_citation_of_no_section_is_a_warning(bring):
    cited = item(1).replace("?", "?", 1).replace("\n\n", "\nFonte: p#nada\n\n", 1)
    reports = bring(b=bank_text(cited), p="# Título\n\n## Parte\n\nUm texto.\n")
    assert [p.code for p in reports["b"].problems] == ["source-unknown"]


def test_the_seeds_come_in_with_their_counts(session, seeds):
    files = importer.gather([seeds])
    reports = importer.import_files(session, files, by="t", now=clock.now(), today=TODAY)
    found = {r.path.rpartition("/")[2]: r for r in reports}
    assert {r.status for r in reports} == {"added"}
    bank = found["question-bank-unkeyed.txt"]
    assert (bank.items, bank.unkeyed) == (8, 8)
    codes = sorted(p.code for p in bank.problems)
    assert codes == ["item-cut-off"] + ["key-missing"] * 8 + ["option-all-not-last"]
    flow = found["procedure-technical-flow.md"]
    assert flow.title == (
        "Fluxo de Atendimento Técnico – Clientes com Falta de Internet ou Oscilação"
    )
    session.commit()
    before = dump(session)
    again = importer.import_files(session, files, by="t", now=clock.now(), today=TODAY)
    session.commit()
    assert {r.status for r in again} == {"unchanged"}
    assert dump(session) == before


def test_a_key_from_elsewhere_ends_the_warning_that_there_is_none(session, content):
    bank = banks.find(session, "sem-gabarito")
    place = banks.places(session, bank)[1]
    keys.give(session, place.revision, (0,), "gabarito", by="t", now=clock.now())
    files = importer.gather([SAMPLES / "banks" / "sem-gabarito.txt"])
    (report,) = importer.import_files(session, files, by="t", now=clock.now(), today=TODAY)
    missing = [p.args["number"] for p in report.problems if p.code == "key-missing"]
    assert (report.unkeyed, missing) == (2, ["1", "3"])
