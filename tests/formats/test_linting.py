"""A bank's items go to the lint, and what it finds comes back as problems of the file."""

from quizapp.content.messages import MESSAGES, message
from quizapp.formats.linting import findings, lint_bank, question
from quizapp.formats.model import Answer, Item, Option
from quizapp.items.kinds import Kind
from quizapp.items.lint import SEVERITIES, counts, signature
from tests.formats.samples import bank

BANK = """---
formato: questoes/1
id: sem-sinal
{settings}---
## A luz LOS está vermelha. O que isso mostra? {{#ss-001}}
Fonte: sem-sinal#luzes
{accepted}
- [x] Falta de sinal óptico na entrada da casa.
- [ ] Senha errada.
- [ ] Cabo solto.

## Qual luz fica verde quando tudo vai bem? {{#ss-002}}

- [x] A luz PON.
- [ ] A luz LOS.
  > A luz LOS é a do defeito.
- [ ] A luz PON.
"""


def text(settings: str = "", accepted: str = "") -> str:
    return BANK.format(settings=settings, accepted=accepted)


def lines(source: str) -> list[tuple[int, str, str]]:
    return [(p.line, p.severity, p.code) for p in lint_bank(bank(source))]


def test_flaws_come_as_problems_at_the_line_of_their_item() -> None:
    assert lines(text()) == [
        (5, "warning", "key-longest"),
        (5, "info", "no-explanation"),
        (12, "info", "no-source"),
    ]


def test_what_the_reader_says_is_not_said_again_but_counted() -> None:
    document = bank(text())
    assert [p.code for p in document.problems] == ["option-duplicate"]
    assert "option-duplicate" not in {p.code for p in lint_bank(document)}
    assert counts(findings(document))["option-duplicate"] == 1


def test_a_bank_weighs_and_an_item_accepts_under_portuguese_names_too() -> None:
    settings = "lint: gabarito-longo=info, Sem-Explicação=off, no-source=error\n"
    assert lines(text(settings)) == [(6, "info", "key-longest"), (13, "error", "no-source")]
    accepted = text("lint: [no-explanation=off]\n", "Aceito: chave-longa\n")
    assert [code for _, _, code in lines(accepted)] == ["no-source"]


def test_a_code_that_is_none_is_told() -> None:
    found = lint_bank(bank(text("lint: key-longst=off\n", "Aceito: few-option\n")))
    unknown = [(p.line, p.args["code"]) for p in found if p.code == "lint-code-unknown"]
    assert unknown == [(1, "key-longst"), (6, "few-option")]


def test_citations_and_other_banks_are_looked_up() -> None:
    document = bank(text())
    library = [signature(question(document.items[0], "outro"))]
    found = lint_bank(document, known=lambda source: False, library=library)
    assert [(p.code, p.args) for p in found if p.line == 5 and p.severity == "warning"][1:] == [
        ("source-gone", {"source": "sem-sinal#luzes"}),
        ("stem-duplicate", {"other": "outro: ss-001"}),
    ]


def test_each_kind_is_read_by_what_it_is_answered_with() -> None:
    options = (Option("um", 0.5), Option("dois", 0.5))
    item = Item("a", True, "1", "ordering", "Ordene.", 1, "given", options)
    assert question(item).options == ()
    assert question(item).answers == ("um", "dois")
    item = Item("a", True, "1", "matching", "Ligue.", 1, "given", pairs=(("LOS", "sinal"),))
    assert question(item).answers == ("LOS sinal",)
    answers = (Answer(low=1, high=2.5, feedback="Certo."), Answer(text="NOC"))
    item = Item("a", True, "1", "numeric", "Quanto?", 1, "given", answers=answers)
    assert question(item).answers == ("1 2.5", "NOC")
    assert question(item).explanation == "Certo."


def test_where_one_is_chosen_the_best_option_is_the_right_one() -> None:
    weights = {"A luz": 1.0, "O cabo": 0.5, "A rua": 0.0}
    options = tuple(Option(text, fraction) for text, fraction in weights.items())
    kinds: dict[Kind, list[bool]] = {
        "single": [True, False, False],
        "multiple": [True, True, False],
    }
    for kind, right in kinds.items():
        item = Item("a", True, "1", kind, "Qual?", 1, "given", options)
        assert [option.right for option in question(item).options] == right
    unkeyed = Item("a", True, "1", "single", "Qual?", 1, "missing", (Option("um"), Option("dois")))
    assert [option.right for option in question(unkeyed).options] == [None, None]


def test_every_code_of_the_lint_has_a_wording() -> None:
    assert set(SEVERITIES) <= set(MESSAGES)
    for problem in lint_bank(bank(text())):
        assert "%(" not in message(problem)
