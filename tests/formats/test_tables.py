"""CSV files: signs and quotes, headers and their synonyms, options, rows that are no question."""

import pytest

from quizapp.formats.reader import read
from quizapp.formats.tables.reader import is_csv
from tests.formats.samples import found, unreadable
from tests.formats.sheets import csv_bank, keyed, keys_of

HEADER = "Pergunta;A;B;C;D;Gabarito\n"


def texts_of(text: str) -> list[str]:
    """The options of the only question."""
    (item,) = csv_bank(text).items
    return [option.text for option in item.options]


# Signs, quotes, lines


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_sign_between_cells_is_found(sign: str) -> None:
    lines = ["Pergunta;A;B;Gabarito", "Qual?;um, dois|três;quatro;B", "Quem?;eu;ele;A"]
    rows = [line.split(";") for line in lines]
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows)
    bank = csv_bank(text)
    assert [option.text for option in bank.items[0].options] == ["um, dois|três", "quatro"]
    assert keys_of(bank) == ["B", "A"]


def test_the_line_that_names_the_sign_is_none_of_the_table() -> None:
    bank = csv_bank("sep=|\nPergunta|A|B|Gabarito\nQual?|x;y|z,w|A\n")
    assert (bank.items[0].line, keys_of(bank)) == (3, ["A"])
    assert bank.problems == ()


def test_quotes_hold_signs_lines_and_quotes() -> None:
    text = HEADER + '"Uma\nlinha;""duas""?";a;b;;;A\n\n\nOutra?;a;b;;;B\n'
    first, second = csv_bank(text).items
    assert first.stem == 'Uma  \nlinha;"duas"?'
    assert (first.line, second.line) == (2, 6)


def test_quotes_within_a_cell_belong_to_it() -> None:
    bank = csv_bank(HEADER + '"LOS" apagado é bom?;a "b";"c" d;;;A\n')
    assert bank.items[0].stem == '"LOS" apagado é bom?'
    assert [option.text for option in bank.items[0].options] == ['a "b"', '"c" d']
    assert bank.problems == ()


def test_a_quote_that_does_not_end_is_said_where_it_begins() -> None:
    bank = csv_bank(HEADER + 'Um?;a;b;;;A\n"Dois?;a;b;;;B\n')
    assert found(bank) == [(3, "csv-quote-open")]
    assert bank.items[1].stem == '"Dois?'


def test_a_row_with_more_cells_than_the_header_is_left_out() -> None:
    bank = csv_bank(HEADER + "Um, ou dois?;a;b;c;d;A\nTexto; com sinal?;a;b;c;d;A\n")
    assert [item.line for item in bank.items] == [2]
    assert [left.line for left in bank.left_out] == [3]
    assert found(bank) == [(3, "table-row-too-long")]


def test_a_formula_is_a_text() -> None:
    bank = csv_bank(HEADER + '=1+1;"=HYPERLINK(""http://x"";1)";@a;-b;;B\n')
    assert bank.items[0].options[0].text == '=HYPERLINK("http://x";1)'
    assert bank.items[0].stem == "=1+1"


# Headers


@pytest.mark.parametrize(
    "header",
    [
        "Pergunta;Alternativa A;Alternativa B;Resposta correta",
        "ENUNCIADO;Opção 1;Opção 2;Gabarito",
        "Questão;(A);(B);Correta",
        "question;answer_1;answer_2;correct_answer",
        "Question Text;Option A;Option B;Correct",
        "questionText;optionA;optionB;correctOption",
        "Statement;alt_a;alt_b;Key",
        "Texto da questão;a);b);Letra correta",
        "Prompt;Choice 1;Choice 2;Correct Answer(s)",
    ],
)
def test_a_header_is_known_by_its_words(header: str) -> None:
    bank = csv_bank(f"{header}\nQual LED?;LOS;PON;B\n")
    assert (bank.items[0].stem, keys_of(bank)) == ("Qual LED?", ["B"])
    assert bank.problems == ()


def test_columns_beside_the_options_are_kept() -> None:
    bank = csv_bank(
        "Código;Nº;Título;Texto-base;Questão;A;B;Gabarito;Justificativa;Disciplina;Assunto;"
        "Competência;Nível;Palavras-chave;Tipo;Uso;Referência;Feedback A;Pontos;Imagem\n"
        "r-7;12;Sinal;Leia.;Qual?;a;b;B;Porque.;Rede;Fibra;triagem, voz;Difícil;led;Objetiva;"
        "treino;sem-sinal#leds;Não.;5;x.png\n"
    )
    (item,) = bank.items
    assert (item.id, item.number, item.name) == ("r-7", "12", "Sinal")
    assert (item.stem, item.explanation, item.category) == (
        "Leia.\n\nQual?",
        "Porque.",
        "Rede/Fibra",
    )
    assert (item.competencies, item.tags) == (("triagem", "voz"), ("led",))
    assert (item.difficulty, item.use, item.sources) == ("hard", "practice", ("sem-sinal#leds",))
    assert [option.feedback for option in item.options] == ["Não.", ""]
    assert found(bank) == [(1, "table-column-aside")] * 2
    assert [problem.args["column"] for problem in bank.problems] == ["Pontos", "Imagem"]


def test_a_level_of_the_desk_is_no_difficulty() -> None:
    (item,) = csv_bank("Pergunta;A;B;Gabarito;Nível\nQual?;a;b;A;N2\n").items
    assert (item.difficulty, item.tags) == (None, ("N2",))


def test_an_unknown_difficulty_among_known_ones_is_said_and_kept_as_a_tag() -> None:
    bank = csv_bank("Pergunta;A;B;Gabarito;Dificuldade\nQual?;a;b;A;fácil\nQuem?;a;b;B;terrível\n")
    assert [item.difficulty for item in bank.items] == ["easy", None]
    assert bank.items[1].tags == ("terrível",)
    assert found(bank) == [(3, "difficulty-unknown")]


def test_lines_above_the_header_speak_of_all_questions() -> None:
    bank = csv_bank("Título: Prova de N1;;;\nTema:;Fibra;;\n\nPergunta;A;B;Gabarito\nQual?;a;b;A\n")
    assert (bank.title, bank.items[0].category) == ("Prova de N1", "Fibra")
    assert bank.items[0].line == 5


def test_a_header_of_two_rows_is_one() -> None:
    bank = csv_bank("Pergunta;Alternativas;;;Gabarito\n;A;B;C;\nQual?;x;y;z;C\n")
    assert keys_of(bank) == ["C"]


def test_a_column_of_right_answers_beside_wrong_ones_is_an_option() -> None:
    bank = csv_bank("Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2\nWho?,I,you,\n")
    assert keys_of(bank) == ["A"]
    assert [option.text for option in bank.items[0].options] == ["I", "you"]


# Options


@pytest.mark.parametrize(
    "cell, options",
    [
        ('"A) um\nB) dois\nC) três"', ["um", "dois", "três"]),
        ("a) um; b) dois; c) três", ["um", "dois", "três"]),
        ("(A) um (B) dois, ou (C) três", ["um", "dois, ou", "três"]),
        ("um | dois | três", ["um", "dois", "três"]),
        ('"um;dois;três"', ["um", "dois", "três"]),
        ('"um\ndois\n\ntrês"', ["um", "dois", "três"]),
    ],
)
def test_options_in_one_cell_are_parted(cell: str, options: list[str]) -> None:
    cell = cell if cell.startswith('"') else f'"{cell}"'
    assert texts_of(f"Pergunta;Alternativas;Gabarito\nQual?;{cell};A\n") == options


def test_options_below_a_stem_in_its_own_cell_are_parted_from_it() -> None:
    bank = csv_bank('Pergunta;Gabarito\n"Qual LED?\na) LOS\nb) PON";B\n"Quem?\na) eu\nb) ele";A\n')
    assert [item.stem for item in bank.items] == ["Qual LED?", "Quem?"]
    assert keys_of(bank) == ["B", "A"]


@pytest.mark.parametrize("first, second", [("(A) x", "(B) y"), ("a. x", "b. y"), ("1) x", "2) y")])
def test_letters_before_options_are_taken_off(first: str, second: str) -> None:
    assert texts_of(f"Pergunta;Alt. A;Alt. B;Resposta\nQual?;{first};{second};x\n") == ["x", "y"]


def test_letters_out_of_turn_are_words() -> None:
    assert texts_of(HEADER + "Qual?;A) x;y;;;B\n") == ["A\\) x", "y"]


@pytest.mark.parametrize("mark", ["*{}", "{}*", "[x] {}", "(X) {}", "{} (correta)", "✓ {}"])
def test_a_mark_in_an_options_cell_is_its_key(mark: str) -> None:
    rows = [f"Qual {n}?;a;{mark.format('b')};c;;\n" for n in range(3)]
    bank = csv_bank(HEADER + "".join(rows))
    assert keys_of(bank) == ["B", "B", "B"]
    assert bank.items[0].options[1].text == "b"


def test_one_star_among_many_rows_is_a_star() -> None:
    rows = [f"Qual {n}?;a;b;c;;A\n" for n in range(3)]
    bank = csv_bank(HEADER + "".join(rows) + "Que padrão casa com tudo?;a+;.*;c?;;B\n")
    assert bank.items[3].options[1].text == ".\\*"
    assert keys_of(bank) == ["A", "A", "A", "B"]


def test_a_mark_and_a_key_that_disagree_leave_it_in_doubt() -> None:
    bank = csv_bank(HEADER + "Qual?;a;*b;c;;A\nQuem?;*a;b;c;;A\n")
    assert keys_of(bank) == ["A?B?", "A"]
    assert found(bank) == [(2, "key-says-two")]


def test_crosses_in_columns_of_letters_mark_the_options_of_a_cell() -> None:
    bank = csv_bank("Pergunta;Alternativas;A;B;C\nQual?;a|b|c;;x;\nQuem?;a|b|c;x;;X\n")
    assert keys_of(bank) == ["B", "AC"]


def test_a_column_after_each_option_says_whether_it_is_right() -> None:
    bank = csv_bank("Pergunta;Opção 1;Correta?;Opção 2;Correta?\nQual?;a;não;b;sim\nQ?;a;1;b;0\n")
    assert keys_of(bank) == ["B", "A"]


def test_an_empty_option_in_between_leaves_the_question_out() -> None:
    bank = csv_bank(HEADER + "Qual?;a;;c;;C\nQuem?;a;b;;;A\n")
    assert [item.line for item in bank.items] == [3]
    assert found(bank) == [(2, "foreign-option-empty")]


# Rows that are no question


def test_blank_and_numbered_rows_are_passed_over_in_silence() -> None:
    bank = csv_bank(
        "Nº;Pergunta;A;B;Gabarito;Tipo\n1;Qual?;a;b;A;\n2;;;;;Objetiva\n;;;;;\n3;;;;;\n"
    )
    assert len(bank.items) == 1
    assert bank.problems == ()


def test_totals_and_notes_are_said() -> None:
    bank = csv_bank(HEADER + "Qual?;a;b;;;A\nTotal: 1;;;;;\nObs.: revisar;;;;;\n")
    assert len(bank.items) == 1
    assert found(bank) == [(3, "table-row-aside"), (4, "table-row-aside")]
    assert bank.left_out == ()


def test_a_question_without_options_is_left_out_and_counted() -> None:
    bank = csv_bank(HEADER + "Qual?;a;b;;;A\nQuem?;;;;;C\n;a;b;;;A\n")
    assert [left.line for left in bank.left_out] == [3, 4]
    assert found(bank) == [(3, "foreign-options-too-few"), (4, "foreign-stem-empty")]


def test_an_example_beside_questions_is_left_out() -> None:
    bank = csv_bank("Nº;Pergunta;A;B;Gabarito\nExemplo;Qual?;a;b;A\n1;Quem?;a;b;B\n")
    assert [item.stem for item in bank.items] == ["Quem?"]
    assert [(left.line, left.type) for left in bank.left_out] == [(2, "example")]


def test_a_row_of_hints_below_the_header_is_no_question() -> None:
    bank = csv_bank(
        "Question Text,Question Type,Option 1,Option 2,Correct Answer\n"
        "Text of the question,,Text for option 1,Text for option 2,A number\nWhich?,,a,b,2\n"
    )
    assert [item.stem for item in bank.items] == ["Which?"]


def test_a_header_that_is_repeated_is_no_question() -> None:
    assert len(csv_bank(HEADER + "Um?;a;b;;;A\n" + HEADER + "Dois?;a;b;;;B\n").items) == 2


def test_a_gabarito_is_no_bank() -> None:
    assert unreadable(b"Quest\xc3\xa3o;Gabarito\n1;A\n2;B\n", "g.csv") == "table-not-found"


def test_a_table_of_other_things_is_refused() -> None:
    assert (
        unreadable(b"Cidade;Clientes\nBH;10\nDivin\xc3\xb3polis;7\n", "c.csv") == "table-not-found"
    )


# Without a header


def test_columns_without_a_header_are_guessed_and_said() -> None:
    bank = csv_bank(
        "r-1;Qual LED indica falta de sinal óptico?;LOS;PON;Wi-Fi;1;Fibra\n"
        "r-2;Quem autoriza o desconto ao cliente?;Caixa;Supervisor;Técnico;3;Vendas\n"
        "r-3;Onde se registra o atendimento feito?;IXC;Papel;Agenda;2;Fibra\n"
        "r-4;Quando se liga de volta ao cliente?;Nunca;Hoje;Amanhã;2;Vendas\n"
    )
    assert keys_of(bank) == ["A", "C", "B", "B"]
    assert [item.id for item in bank.items] == ["r-1", "r-2", "r-3", "r-4"]
    assert [item.category for item in bank.items][:2] == ["Fibra", "Vendas"]
    assert bank.problems[0].severity == "warning"
    assert bank.problems[0].args == {
        "columns": "1 Id, 2 Pergunta, 3 A, 4 B, 5 C, 6 Gabarito, 7 Categoria"
    }


def test_a_column_that_repeats_an_option_is_the_key() -> None:
    bank = csv_bank(
        "Qual LED some sem energia?,Power,LOS,Wi-Fi,Power\n"
        "Quem confirma o titular?,o robô,o atendente,ninguém,o atendente\n"
        "Onde fica a ONU?,na rua,no poste,na casa,na casa\n"
    )
    assert keys_of(bank) == ["A", "B", "C"]


def test_statements_and_letters_without_a_header_are_true_and_false() -> None:
    bank = csv_bank("O PON aceso mostra que autenticou.;V\nO LOS aceso é bom.;F\n")
    assert keys_of(bank) == ["A", "B"]
    assert found(bank) == [(1, "table-columns-guessed")]


def test_a_header_in_another_language_is_no_question() -> None:
    bank = csv_bank(
        "Frage;Antwort 1;Antwort 2;Antwort 3;Loesung\nWelche Lampe ist rot?;LOS;PON;LAN;A\n"
        "Wer ruft den Kunden an?;Er;Sie;Wir;B\nWann endet die Schicht heute?;Um 5;Um 6;Um 7;C\n"
    )
    assert keys_of(bank) == ["A", "B", "C"]
    assert found(bank) == [(1, "table-columns-guessed")]
    assert bank.items[0].line == 2


def test_letters_with_dashes_after_the_key_are_options() -> None:
    bank = csv_bank(
        "1;Quanto dá 2 + 2?;C;A - 6;B - 2;C - 4\n2;Quanto dá 3 + 3?;A;A - 6;B - 9;C - 1\n"
    )
    assert keys_of(bank) == ["C", "A"]


def test_a_list_of_people_is_no_table_of_questions() -> None:
    rows = "".join(f"Ana {n};Belo Horizonte;MG;{'AB'[n % 2]}\n" for n in range(20))
    assert unreadable(f"Nome;Cidade;Estado;Turno\n{rows}".encode(), "t.csv") == "table-not-found"


# What is a table


@pytest.mark.parametrize(
    "text",
    [
        "Pergunta;A;B;C;Gabarito\nQual?;a;b;c;A\nQuem?;a;b;c;B\n",
        "Question\tOption 1\tOption 2\tCorrect\nWhich?\ta\tb\t1\n",
        "1;Qual é o LED da fibra?;LOS;PON;B\n2;Quem é o titular?;eu;ele;A\n3;E o plano?;x;y;A\n",
    ],
)
def test_a_pasted_table_is_told_by_its_content(text: str) -> None:
    assert is_csv("colado.txt", text)
    assert read("colado.txt", text.encode()).problems is not None


@pytest.mark.parametrize(
    "text",
    [
        "| Pergunta | A | B | Gabarito |\n|---|---|---|---|\n| Qual? | a | b | A |\n",
        "# Título\n\n1. Pergunta, resposta, gabarito\n2. Outra, coisa, dita\n",
        "## Qual?\n- [x] a\n- [ ] b\n",
        "1\nQual é, e por quê?\na\nb\nc\n2\nQuem é, e como?\na\nb\nc\n",
        "::Q1:: Qual? {=a ~b ~c}\n\n::Q2:: Quem? {=a ~b}\n",
        "Qual?\nA) a\nB) b\nANSWER: A\n",
        "Confirme o titular, o plano, a cidade, e o ponto.\nAbra a OS, avise, anote, e encerre.\n",
        "",
    ],
)
def test_other_texts_are_no_tables(text: str) -> None:
    assert not is_csv("colado.txt", text)


def test_the_ending_decides_for_csv() -> None:
    assert is_csv("x.CSV", "qualquer coisa")
    assert is_csv("x.tsv", "qualquer coisa")
    assert not is_csv("x.md", "Pergunta;A;B;Gabarito\nQual?;a;b;A\n")


def test_texts_are_shown_as_they_are_written() -> None:
    (item,) = csv_bank(HEADER + "# Qual <b>?;- a;1. b;;;A\n").items
    assert item.stem == "\\# Qual \\<b>?"
    assert keyed(item) == "A"
