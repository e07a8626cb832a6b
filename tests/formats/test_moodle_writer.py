"""Banks written as Moodle XML read back to the same; what Moodle has no place for is said."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats.foreign import assemble
from quizapp.formats.model import Answer, Bank, Image, Item
from quizapp.formats.moodle.writer import write_moodle
from quizapp.formats.reader import read
from tests.examples import tried
from tests.formats.comparing import items_of
from tests.formats.item_generators import items
from tests.formats.pictures import png
from tests.formats.samples import bank as native

PICTURE = "imagens/5bc6a6bd9db0b4f2.png"
TWO_OPTIONS = "\n## Qual? {#c-1}\n\n- [x] a\n- [ ] b\n"
ALL_KINDS = """---
formato: questoes/1
id: suporte-n1
titulo: Suporte / N1
---
## Antes de escalar, o que se confirma? {#ssi-001}
Fonte: fluxo#verificacao, fluxo#verificacao.2a
Competências: triagem
Dificuldade: difícil
Uso: treino
Etiquetas: fibra, rede óptica

- [ ] Abrir **OS**.
  > Só depois.
- [x] Os dados
- [ ] Depende da chamada. {fixa}

Explicação: sem o ponto certo, x < y & `z`.

> citado

## Marque as causas {#ssi-002}

- a
- b

- [x] um
- [x] dois
- [x] três
- [ ] Todas as anteriores

## O LED pisca? {#ssi-003}

- [x] Certo
- [ ] Errado

## Ordem {#ssi-004}

1. um
2. dois

## Pares {#ssi-005}

- a -> b
- **c** → d
- -> e

## Sigla {#ssi-006}

Resposta: LOS
Resposta (50%): l * s
> quase

## Ping {#ssi-007}

Resposta: 30 ± 2,5
Resposta (50%): 0,1..0,7

## Escreva {#ssi-008}
Tipo: dissertativa

## Leia {#ssi-009}
Tipo: texto

## Rascunho {#ssi-010}

- [ ] a
- [ ] b
"""


def test_every_kind_survives_and_nothing_is_said_to_be_lost() -> None:
    bank = native(ALL_KINDS)
    data, problems = write_moodle(bank)
    assert problems == []
    again = read("outro.xml", data)
    assert isinstance(again, Bank)
    assert items_of(again) == items_of(bank)
    assert (again.id, again.title) == (bank.id, bank.title)
    assert write_moodle(again)[0] == data


def test_what_moodle_shows_is_html_with_files() -> None:
    picture = Image(PICTURE, png())
    one = Item("a-1", True, "", "essay", f"Veja **isto**:\n\n![LED]({PICTURE})", 1, "missing")
    data, problems = write_moodle(assemble("a.xml", "moodle", [one], images=[picture]))
    assert problems == []
    text = data.decode()
    assert "&lt;p&gt;Veja &lt;strong&gt;isto&lt;/strong&gt;:&lt;/p&gt;" in text
    assert "@@PLUGINFILE@@/5bc6a6bd9db0b4f2.png" in text
    assert '<file name="5bc6a6bd9db0b4f2.png" path="/" encoding="base64">iVBOR' in text
    assert "quizapp:" not in text.split("</category>")[1].split("<idnumber>a-1")[1]


def test_html_that_was_changed_in_moodle_counts_more_than_what_it_was_made_of() -> None:
    one = Item("a-1", True, "", "essay", "- um\n- dois", 1, "missing")
    data, _ = write_moodle(assemble("a.xml", "moodle", [one]))
    again = read("a.xml", data)
    assert isinstance(again, Bank)
    assert again.items[0].stem == "- um\n- dois"
    changed = read("a.xml", data.replace(b"dois", b"tr\xc3\xaas"))
    assert isinstance(changed, Bank)
    assert changed.items[0].stem == "* um\n* três"


def test_what_has_no_place_in_moodle_is_said() -> None:
    scenes = "## Liga {#s-1}\nTipo: cenário\n\n### Início\n\n- [fim](#fim)\n\n### Fim\n\nx\n"
    bank = native(
        f"---\nformato: questoes/1\nnota_minima: 80\nidioma: en\n---\n{scenes}{TWO_OPTIONS}"
    )
    lost = Item("d-1", True, "", "essay", "x", 1, "missing", answers=(Answer("modelo"),))
    bank = replace(bank, items=(*bank.items, lost), images=(Image(PICTURE, png()),))
    _, problems = write_moodle(bank)
    assert {(p.severity, p.code) for p in problems} == {("warning", "export-lost")}
    assert [(p.args["item"], p.args["what"]) for p in problems] == [
        ("banco", "language"),
        ("banco", "cut_score"),
        ("s-1", "item"),
        ("d-1", "number"),
        ("d-1", "answers"),
        ("banco", PICTURE),
    ]


TITLES = st.sampled_from(["Rede", "Suporte / N1", "A//B", "top", "$course$"])
briefly = settings(
    max_examples=tried(150),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def holds(item: Item) -> bool:
    """Whether Moodle has marks for the key, a partner for each side, a text for each answer."""
    fractions = [option.fraction for option in item.options]
    marks = [fraction for fraction in fractions if fraction and fraction > 0]
    if item.kind == "true_false" and item.key == "given":
        return sorted(fractions, key=str) == [0.0, 1.0]
    if item.kind == "single" and item.key == "given":
        return max(marks) == 1
    if item.kind == "multiple" and item.key == "given":
        return len(marks) == 1 or min(marks) < 1
    if item.kind == "ordering":
        return item.key == "given"
    return all(right for _, right in item.pairs) and all(a.text != "" for a in item.answers)


@briefly
@given(
    st.lists(items(), min_size=1, max_size=4),
    st.sampled_from(["Rede", "Suporte / N1", "A//B", "top", "$course$"]),
)
def test_what_was_written_reads_back(written: list[Item], title: str) -> None:
    kept = assemble("a.xml", "moodle", written, title=title).items
    bank = assemble("a.xml", "moodle", filter(holds, kept), title=title)
    data, problems = write_moodle(bank)
    assert problems == []
    again = read("outro.xml", data)
    if isinstance(again, Bank):
        assert items_of(again) == items_of(bank)
        assert (again.id, again.title) == (bank.id, bank.title)
