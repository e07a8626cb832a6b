"""Task lists of other people: what other tools write, and what contradicts itself."""

from tests.formats.samples import bank, found


def test_a_quiz_of_another_tool_is_read() -> None:
    document = bank(
        "---\nprimary_color: orange\nshuffle_answers: false\n---\n# Redes\n\n"
        "### Qual cabo leva a fibra?\n\n> pense no poste\n\n"
        "1. [x] drop\n> isso\n1. [ ] UTP\n1. [ ] HDMI\n\n"
        "### Quais LEDs falham?\n\n- [x] LOS\n- [x] PON\n- [ ] LAN\n\n"
        "### Ponha na ordem\n\n1. energia\n2. cabos\n3. reinício\n"
    )
    assert [(item.kind, item.key) for item in document.items] == [
        ("single", "given"),
        ("multiple", "given"),
        ("ordering", "given"),
    ]
    first = document.items[0]
    assert first.stem == "Qual cabo leva a fibra?\n\n> pense no poste"
    assert (first.options[0].feedback, document.title) == ("isso", "Redes")
    assert [code for _, code in found(document)] == ["front-matter-unknown-key"] * 2


def test_settings_of_another_tool_are_no_stem() -> None:
    document = bank(
        "## Qual?\n\n---\nshuffle_answers: false\nanother_one: 2\n---\n\nLeia bem.\n\n"
        "- [x] a\n- [ ] b\n\n"
        "## E qual?\n\n- [ ] a\n- [x] b\n"
    )
    assert [(item.line, item.stem) for item in document.items] == [
        (1, "Qual?\n\nLeia bem."),
        (13, "E qual?"),
    ]


def test_numbers_of_headings_and_letters_of_options_are_no_words() -> None:
    document = bank(
        "## 4) Qual?\n- [x] A. um\n- [ ] B. dois\n\n## **5) E qual?**\n- [ ] A massa\n- [x] B\n"
    )
    assert [(item.number, item.stem) for item in document.items] == [
        ("4", "Qual?"),
        ("5", "E qual?"),
    ]
    assert [option.text for option in document.items[0].options] == ["um", "dois"]
    assert [option.text for option in document.items[1].options] == ["A massa", "B"]


def test_a_tick_on_an_option_called_wrong_is_a_doubt() -> None:
    document = bank(
        "### Qual?\n- [x] um (errada)\n- [ ] dois\n\n### E qual?\n- [x] um\n- [ ] dois (errada)\n"
    )
    assert [(item.key, item.doubt) for item in document.items] == [
        ("doubtful", (0,)),
        ("given", ()),
    ]
    assert found(document) == [(1, "key-marked-wrong")]
