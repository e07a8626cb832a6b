"""An id that is the address of another page is refused, in any format."""

import pytest

from quizapp.formats.reader import read

ITEM = "## Um? {#q-1}\n\n- [x] Sim.\n- [ ] Não.\n"
PROGRAM = "---\nformato: trilha/1\ntitulo: Nova\nid: new\n---\n\n1. Ler: conexao\n"
BANK = f"---\nformato: questoes/1\ntitulo: Nova\nid: new\n---\n{ITEM}"


def said(name, text):
    found = read(name, text.encode()).problems
    return [(one.line, one.severity) for one in found if one.code == "id-reserved"]


@pytest.mark.parametrize(
    "name, text, line",
    [
        ("a.md", PROGRAM, 4),
        ("a.md", "\ufeff" + PROGRAM, 4),
        ("a.md", BANK, 4),
        ("new.md", BANK.replace("id: new\n", ""), 1),
        ("new.gift", "Um? {=Sim ~Não}\n", 1),
        ("a.json", '{"id": "new", "items": []}', 1),
    ],
)
def test_it_is_refused_with_its_line(name, text, line):
    assert said(name, text) == [(line, "error")]


def test_procedures_and_other_ids_may_have_it():
    assert said("new.md", "# Novo\n\nTexto.\n") == []
    assert said("a.md", PROGRAM.replace("id: new", "id: new-2")) == []
    assert said("a.md", BANK.replace("id: new", "id: novo")) == []
