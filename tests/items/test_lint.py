"""Each rule of the lint: what it finds, and what looks like it and is none."""

import time

import pytest

from quizapp.items.lint import (
    ALIASES,
    SEVERITIES,
    Question,
    code_named,
    counts,
    has_fixed_order,
    is_all_or_none,
    lint_items,
)
from tests.items.linting import OPTIONS, STEM, codes, found, question


def test_an_item_without_flaws_is_left_in_peace() -> None:
    assert found(question()) == []
    assert found(question(key=None)) == []


# -- lengths ----------------------------------------------------------------------------------


def test_a_key_half_as_long_again_as_every_distractor_is_found() -> None:
    options = ("Reiniciar a ONU", "Trocar o cabo e conferir os LEDs 1", "Abrir uma OS")
    (finding,) = found(question(STEM, options, key=1))
    assert (finding.code, finding.option) == ("key-longest", 1)
    assert finding.args == {"key": 34, "longest": 15}
    assert codes(STEM, options, key=0) == codes(STEM, options, key=None) == set()


@pytest.mark.parametrize(
    "options",
    [
        ("Conferir os dados do cliente", "Abrir uma ordem de serviço", "Trocar a ONU"),
        ("NOC", "Supervisão técnica", "N1"),
        ("`border: 1px dotted red` no seletor", "`dotted`", "`border`"),
        ("R$ 1.250,00 por mês (mil duzentos e cinquenta)", "R$ 99", "R$ 12"),
        ("Vinte e quatro horas", "Doze horas", "Quatro horas"),
        ("Nenhuma das anteriores", "15", "30"),
    ],
)
def test_a_key_that_is_not_far_longer_or_no_prose_is_none(options: tuple[str, ...]) -> None:
    assert "key-longest" not in codes(STEM, options, key=1 if options[0] == "NOC" else 0)


def test_of_several_keys_the_shortest_counts() -> None:
    options = (
        "Conferir os LEDs da ONU do cliente",
        "Testar a rede com um cabo direto na ONU",
        "Abrir OS",
        "Esperar",
    )
    assert codes(STEM, options, (0, 1), "multiple") == {"key-longest"}
    assert codes(STEM, options, (0, 1, 2), "multiple") == set()


def test_two_options_are_few_unless_they_are_yes_and_no() -> None:
    assert codes(STEM, ("A cor da ONU", "O contrato")) == {"few-options"}
    assert codes(STEM, ("Sim.", "Não.")) == set()
    assert codes(STEM, ("Verdadeiro", "Falso"), kind="true_false") == set()
    assert codes(STEM, OPTIONS) == set()


def test_an_item_of_which_every_option_is_right_has_no_distractor() -> None:
    assert codes(STEM, OPTIONS, (0, 1, 2), "multiple") == {"no-distractor"}
    assert codes(STEM, OPTIONS, (0, 1), "multiple") == set()


# -- stems ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stem",
    [
        "Qual das alternativas abaixo não é uma causa de lentidão?",
        "O que o técnico não deve fazer na casa do cliente?",
        "Quando o cliente liga, o que não se pergunta?",
        "Quais documentos não são exigidos na troca de titularidade?",
        "Em que caso não se deve reiniciar a ONU?",
        "Assinale a alternativa incorreta sobre o Wi-Fi.",
        "Assinale a incorreta:",
        "Marque a opção que não descreve o LED LOS.",
        "Assinale a alternativa que apresenta um teste que não cabe ao N1.",
        "É incorreto afirmar que:",
        "Não é correto afirmar que:",
        "Qual afirmação sobre o SLA está incorreta?",
        "Todas são causas de queda, exceto:",
        "Ao telefone, o atendente não deve",
        "Which of the following is not a router?",
        "Which of these doesn’t need a technician?",
        "Which statement is false?",
        "All of these are symptoms of a bad cable except:",
    ],
)
def test_a_stem_that_asks_for_what_is_not_so_is_found(stem: str) -> None:
    assert "negative-stem" in codes(stem)


@pytest.mark.parametrize(
    "stem",
    [
        "O que **não** deve ser feito na casa do cliente?",
        "O que NÃO deve ser feito na casa do cliente?",
        "Qual das opções *não* é um LED da ONU?",
        "Todas são causas de queda, EXCETO:",
        "O cliente não consegue navegar. O que deve ser feito?",
        "O técnico, que não compareceu, avisou. Qual é a conduta do N1?",
        "O que fazer quando o cliente não atende?",
        "O que indica o LED LOS não acender?",
        "Por que a ONU não liga?",
        "Qual o prazo para o cliente que não pagou a fatura?",
        "Cliente informa que a senha está incorreta. Qual o próximo passo?",
        "Qual a mensagem exibida quando a senha está errada?",
        "Qual a informação incorreta que deve ser corrigida no cadastro?",
        "Todos os LEDs estão acesos, exceto o LOS. O que isso indica?",
        "Assinale a alternativa correta sobre o cliente que não tem sinal.",
        "Qual não só resolve a queda, mas a previne?",
        "Why is the modem not connecting?",
        "Which light is on when the modem does not connect?",
    ],
)
def test_an_emphasised_or_harmless_not_is_none(stem: str) -> None:
    assert "negative-stem" not in codes(stem)


def test_in_a_stem_all_in_capitals_or_bold_nothing_stands_out() -> None:
    assert "negative-stem" in codes("O QUE NÃO SE DEVE FAZER?")
    assert "negative-stem" in codes("**O que não se deve fazer?**")


@pytest.mark.parametrize(
    "stem",
    ["Assinale a alternativa correta.", "Which of the following is true?", "Marque a certa:"],
)
def test_a_stem_that_names_no_subject_is_found(stem: str) -> None:
    assert "stem-unfocused" in codes(stem)


def test_a_stem_with_a_subject_is_none() -> None:
    assert codes("Assinale a alternativa correta sobre a ONU.") == set()
    assert codes("Which of the following is true of fibre?") == set()
    assert codes("Considere `x = 1`. Qual alternativa está correta?") == set()


# -- options ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, word",
    [
        ("Sempre abrir uma OS", "sempre"),
        ("Reiniciar a ONU nunca ajuda", "nunca"),
        ("Todos os planos têm IP fixo", "todos os planos"),
        ("Não se troca a ONU em hipótese alguma", "em hipotese alguma"),
        ("The light is always green", "always"),
    ],
)
def test_an_absolute_word_of_an_option_is_found(text: str, word: str) -> None:
    (finding,) = found(question(STEM, ("Conferir o contrato", text, "Esperar o técnico")))
    assert (finding.code, finding.option) == ("absolute-word", 1)
    assert finding.args == {"word": word, "role": "distractor"}


@pytest.mark.parametrize(
    "text",
    [
        "Reiniciar sempre que a luz cair",
        "Quase sempre a ONU resolve",
        "Nem sempre abrir uma OS",
        "Conferir os endereços de todos os produtos",
        "Todo o mês de janeiro",
        "Nenhuma das anteriores",
    ],
)
def test_a_word_that_only_looks_absolute_is_none(text: str) -> None:
    assert "absolute-word" not in codes(STEM, ("Conferir os dados do contrato", text, "Esperar"))


def test_absolute_words_in_all_options_on_a_scale_or_of_a_group_tell_nothing() -> None:
    assert codes(STEM, ("Sempre o contrato", "Sempre o cabo", "Sempre a ONU")) == set()
    all_of_them = ("Todos os técnicos da região", "O técnico do plantão", "O supervisor do NOC")
    assert codes("Quem recebe o aviso de massiva?", all_of_them, key=1) == set()
    assert codes("Com que frequência se reinicia?", ("Sempre", "Nunca", "Às vezes")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Todas",
        "Todas as alternativas anteriores",
        "Nenhuma das anteriores.",
        "N.D.A.",
        "Nenhuma das opções está correta",
        "All of the above",
        "None of these",
    ],
)
def test_an_option_about_all_the_others_is_found(text: str) -> None:
    assert is_all_or_none(text)
    assert codes(STEM, (*OPTIONS, text)) == {"all-or-none"}


def test_an_option_about_some_things_or_about_the_stems_statements_is_none() -> None:
    assert not is_all_or_none("Todas as luzes da ONU")
    assert "all-or-none" not in codes(STEM, (*OPTIONS, "Todas as luzes da ONU"))
    stem = "Sobre a ONU: I. Converte o sinal. II. Tem LEDs. Estão corretas as afirmativas:"
    assert codes(stem, ("Apenas I", "Apenas II", "Todas as afirmativas")) == set()


def test_options_with_the_same_words_are_found() -> None:
    assert codes(STEM, ("O contrato", "A ONU", "O contrato")) == {"option-duplicate"}


@pytest.mark.parametrize(
    "one, other",
    [
        ("Reiniciar o roteador.", "Reiniciar o Roteador"),
        ("Reiniciar o roteador do cliente", "Reinicie o roteador do cliente"),
        ("Abrir OS para visita", "Abrir uma OS para visitas"),
    ],
)
def test_options_that_say_the_same_are_found(one: str, other: str) -> None:
    (finding,) = found(question(STEM, (one, other, "Conferir o contrato"), key=2))
    assert (finding.code, finding.option) == ("option-near-duplicate", 1)
    assert finding.args == {"option": other, "other": one}


@pytest.mark.parametrize(
    "stem, one, other",
    [
        (STEM, "Valida o token > Confirma o CEP", "Confirma o CEP > Valida o token"),
        (STEM, "Em 5 dias úteis", "Em 15 dias úteis"),
        (STEM, "Aa", "AA"),
        (STEM, "`Int x`", "`int x`"),
        (STEM, "A ONU < o roteador", "A ONU > o roteador"),
        (STEM, "Liberar o acesso", "Não liberar o acesso"),
        ("Qual frase tem a crase certa?", "Fui a loja do centro", "Fui à loja do centro"),
        (STEM, "Se cair, reinicie a ONU", "Se cair reinicie, a ONU"),
    ],
)
def test_options_that_differ_in_what_counts_are_none(stem: str, one: str, other: str) -> None:
    assert "option-near-duplicate" not in codes(stem, (one, other, "Conferir o contrato"))


@pytest.mark.parametrize(
    "inner, outer",
    [
        ("Reiniciar a ONU", "Reiniciar a ONU e trocar o cabo"),
        ("Nome", "Nome e CPF"),
        ("Validar o token", "Validar o token > Abrir a OS"),
    ],
)
def test_an_option_within_another_is_found(inner: str, outer: str) -> None:
    (finding,) = found(question(STEM, (inner, outer, "Conferir o contrato"), key=None))
    assert (finding.code, finding.option) == ("option-contains-option", 1)
    assert finding.args == {"option": inner}


@pytest.mark.parametrize(
    "inner, outer",
    [
        ("Modem", "Modem óptico"),
        ("5 dias", "15 dias"),
        ("Libera o acesso", "Não libera o acesso"),
        ("Reiniciar a ONU", "Apenas reiniciar a ONU"),
        ("color", "background-color"),
        ("I e II", "I e II, apenas"),
        ("`a b c`", "`a b c d`"),
    ],
)
def test_an_option_that_only_has_anothers_words_is_none(inner: str, outer: str) -> None:
    assert "option-contains-option" not in codes(STEM, (inner, outer, "Conferir o contrato"))


@pytest.mark.parametrize(
    "text",
    [
        "A e C",
        "Ambas A e B estão corretas",
        "As alternativas I e II",
        "Somente a letra B",
        "Both A and B",
        "As duas primeiras",
    ],
)
def test_an_option_that_names_others_freezes_their_order(text: str) -> None:
    one = question(STEM, (*OPTIONS, text))
    (finding,) = found(one)
    assert (finding.code, finding.option, finding.severity) == ("option-cites-letter", 3, "info")
    assert has_fixed_order(one)


@pytest.mark.parametrize(
    "stem, options",
    [
        (STEM, ("Vitaminas A e C", "Vitamina D", "Ferro")),
        ("Quais vitaminas se dissolvem em gordura?", ("A e D", "B e C", "A e C")),
        ("São causas: I. cabo solto; II. falta de luz.", ("I e II", "Só o cabo", "Só a luz")),
        (STEM, ("A casa e a rua", "A ONU", "O cabo")),
    ],
)
def test_letters_that_name_no_options_freeze_nothing(stem: str, options: tuple[str, ...]) -> None:
    assert codes(stem, options) == set()
    assert not has_fixed_order(question(stem, options))


# -- cues -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stem, options, key",
    [
        ("O aparelho que leva o Wi-Fi pela casa é um", ("antena", "roteador", "fibra"), 1),
        ("O Wi-Fi chega aos quartos por meio da ____.", ("cabo", "antena", "roteador"), 1),
        ("O sinal chega à casa por meio dos", ("cabos", "fibra", "antena"), 0),
        ("Antes de abrir a OS, o atendente deve", ("verificar os LEDs", "sem luz", "o prazo"), 0),
        ("A device that joins a phone to the network is an", ("access point", "cable", "lamp"), 0),
        ("A device that forwards packets is a", ("antenna", "router", "amplifier"), 1),
    ],
)
def test_a_stem_whose_last_word_fits_only_the_key_is_found(
    stem: str, options: tuple[str, ...], key: int
) -> None:
    (finding,) = found(question(stem, options, key=key))
    assert (finding.code, finding.option) == ("grammar-cue", key)
    assert codes(stem, options, key=None) == {"grammar-cue"}
    assert codes(stem, options, key=2 if key != 2 else 0) == set()


@pytest.mark.parametrize(
    "stem, options",
    [
        ("O aparelho que leva o Wi-Fi pela casa é um", ("roteador", "modem", "fibra")),
        ("O aparelho que leva o Wi-Fi pela casa é um(a)", ("roteador", "antena", "fibra")),
        ("O aparelho que leva o Wi-Fi pela casa é:", ("um roteador", "uma antena", "uma fibra")),
        ("O LED que indica perda de sinal é o", ("LOS", "PON", "LAN")),
        ("O prazo corresponde a", ("hora", "dia", "mês")),
        ("Quem atende o chamado é o", ("cliente", "NOC", "fibra")),
        ("Antes de abrir a OS, o atendente deve", ("verificar os LEDs", "esperar", "a luz")),
        ("A device that forwards packets is a", ("a router", "an antenna", "an amplifier")),
    ],
)
def test_a_stem_whose_last_word_fits_several_or_nobody_knows_is_none(
    stem: str, options: tuple[str, ...]
) -> None:
    assert "grammar-cue" not in codes(stem, options)


# -- the end of an item -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "stem, options",
    [
        (STEM, ("Conferir o contrato do cliente", "Encaminhar o caso para", "Abrir OS")),
        (STEM, ("Conferir o contrato do cliente", "Anotar o endereço (rua e", "Abrir OS")),
        ("O cliente liga sem internet (bairro Centro. O que se confirma?", OPTIONS),
        ("O que se confirma primeiro com o cli-", OPTIONS),
        (STEM, ("Anotar o protocolo.", "Ligar a ONU.", "Avisar e registrar o protoc")),
    ],
)
def test_an_item_that_stops_in_mid_sentence_is_found(stem: str, options: tuple[str, ...]) -> None:
    assert codes(stem, options) == {"cut-off"}


@pytest.mark.parametrize(
    "stem, options",
    [
        ("A fibra entra na casa pela", OPTIONS),
        (STEM, ("o nome do cliente; e", "o CPF do titular; e", "o endereço da casa.")),
        (STEM, ("Os dados de que", "Os dados do contrato de", "A cor da fachada de")),
        (STEM, ("Vale o intervalo (0, 1]", "Vale o intervalo [0, 1[", "Vale o número zero")),
        (STEM, ("Abrir uma OS.", "Ligar a ONU.", "Conferir o contrato")),
        (STEM, ("Registrar no sistema DE", "Ligar a ONU.", "Conferir o contrato.")),
    ],
)
def test_an_item_that_ends_oddly_but_whole_is_none(stem: str, options: tuple[str, ...]) -> None:
    assert "cut-off" not in codes(stem, options)


def test_the_one_item_with_fewer_options_is_cut_off_if_it_is_the_last_or_has_no_key() -> None:
    whole = [question(f"Passo {n} da triagem {n}?", id=f"q-{n}", key=None) for n in range(4)]
    short = question("O que se faz por fim?", OPTIONS[:2], id="q-9")
    assert [f.code for f in found(*whole, short)] == ["few-options", "cut-off"]
    assert [f.code for f in found(short, *whole)] == ["few-options"]
    assert [f.code for f in found(whole[0], short)] == ["few-options"]


# -- a bank's keys ----------------------------------------------------------------------------


def bank(*keys: int, options: tuple[str, ...] = (*OPTIONS, "O plano")) -> list[Question]:
    return [
        question(f"Qual é o passo {n} do fluxo {n}?", options, key=key, id=f"q-{n}")
        for n, key in enumerate(keys)
    ]


def test_keys_in_one_place_throughout_a_bank_are_found() -> None:
    (finding,) = lint_items(bank(1, 1, 1, 1, 1))
    assert (finding.item, finding.line, finding.code) == ("", 1, "key-position")
    assert finding.args == {"place": 2, "count": 5, "total": 5}
    assert counts(lint_items(bank(0, 0, 0, 2, 0, 0, 0, 0, 3, 0))) == {"key-position": 1}
    truths = bank(*[0] * 8, options=("Verdadeiro", "Falso"))
    assert counts(lint_items(truths)) == {"key-position": 1}


@pytest.mark.parametrize(
    "keys",
    [
        (1, 1, 1, 1),
        (0, 1, 2, 3, 0, 1, 2, 3),
        (1, 1, 1, 1, 1, 0, 2, 3, 0, 2),
        tuple([0] * 35 + [1] * 25 + [2] * 20 + [3] * 20),
    ],
)
def test_few_items_or_keys_in_several_places_are_none(keys: tuple[int, ...]) -> None:
    assert lint_items(bank(*keys)) == []


def test_true_five_times_may_be_chance() -> None:
    assert lint_items(bank(*[0] * 5, options=("Verdadeiro", "Falso"))) == []


# -- links, severities, acceptance ------------------------------------------------------------


def test_missing_explanations_and_sources_are_said_of_what_is_scored() -> None:
    bare = Question(id="q-1", stem="Qual é o ramal do NOC?", kind="short_answer", line=7)
    assert [(f.code, f.line, f.severity) for f in found(bare)] == [
        ("no-explanation", 7, "info"),
        ("no-source", 7, "info"),
    ]
    assert found(Question(id="q-2", stem="Leia o fluxo.", kind="description")) == []


def test_a_citation_that_does_not_resolve_is_gone() -> None:
    (finding,) = lint_items([question()], known=lambda source: source != "sem-internet#dados")
    assert (finding.code, finding.args) == ("source-gone", {"source": "sem-internet#dados"})
    assert lint_items([question()], known=lambda source: True) == []


def test_an_accepted_code_is_quiet_for_that_item_only() -> None:
    options = ("A ONU", "O contrato")
    quiet = question(STEM, options, accepted=frozenset({"few-options"}))
    loud = question("Qual luz fica verde?", options, id="q-2", line=9)
    assert [(f.item, f.code) for f in found(quiet, loud)] == [("q-2", "few-options")]


def test_a_bank_may_weigh_codes_in_its_own_way() -> None:
    one = question(STEM, ("A ONU", "O contrato"))
    assert lint_items([one], severities={"few-options": "error"})[0].severity == "error"
    assert lint_items([one], severities={"few-options": "off"}) == []


def test_every_alias_names_a_code() -> None:
    assert set(ALIASES.values()) == set(SEVERITIES)
    assert code_named("chave-longa") == code_named("key-longest") == "key-longest"
    assert code_named("outra-coisa") is None


def test_findings_are_counted_by_code() -> None:
    items = [question(f"Qual luz acende {n}?", OPTIONS[:2], id=f"q-{n}") for n in range(3)]
    items.append(question("Assinale a correta.", id="q-9"))
    assert counts(lint_items(items)) == {"few-options": 3, "stem-unfocused": 1}


@pytest.mark.parametrize(
    "piece",
    ["a", "(", "[", "*", "*a", "_a", "[a](", "não ", "qual ", "qual não ", "e, ", "a e ", "> "],
)
def test_a_long_text_of_one_thing_is_linted_quickly(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    start = time.process_time()
    lint_items(
        [question(text, (text, text + "x", "y")), question(STEM, ("a", *["b c d e"] * 3000))]
    )
    assert time.process_time() - start < 4.0
