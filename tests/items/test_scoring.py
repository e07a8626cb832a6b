"""Scoring one item: each rule by example; what holds for all of them is in test_scoring_rules."""

from fractions import Fraction
from itertools import combinations, pairwise, permutations, product

import pytest

from quizapp.items.scoring import (
    EXPLANATIONS,
    Policy,
    cap,
    explain,
    is_blank,
    is_complete,
    number,
    plain,
    score_item,
)

HALF = {"fractions": [0.5, 0, 0.5, 0]}


def multiple(*selected):
    return score_item("multiple", HALF, {"selected": list(selected)})


def test_a_single_choice_is_right_or_wrong():
    key = {"fractions": [0, 1, 0]}
    assert score_item("single", key, {"selected": [1]}) == 1
    assert score_item("single", key, {"selected": [0]}) == 0


def test_an_unanswered_item_is_none_and_not_zero():
    assert score_item("single", {"fractions": [1, 0]}, None) is None
    assert score_item("single", {"fractions": [1, 0]}, {"selected": []}) is None
    assert score_item("ordering", {"size": 2}, {"positions": [None, None]}) is None
    assert score_item("matching", {"matches": [0, 1]}, {"matches": [None, None]}) is None
    assert score_item("short_answer", {"answers": []}, {"text": "  "}) is None


def test_a_multiple_choice_gives_partial_credit():
    assert multiple(0, 2) == 1
    assert multiple(0) == Fraction(1, 2)
    assert multiple(0, 1) == 0
    assert multiple(0, 2, 1) == Fraction(1, 2)


def test_ticking_everything_earns_nothing():
    assert multiple(0, 1, 2, 3) == 0


def test_three_thirds_make_one():
    key = {"fractions": [1 / 3, 1 / 3, 1 / 3, 0]}
    assert score_item("multiple", key, {"selected": [0, 1, 2]}) == 1


def test_an_ordering_is_all_or_nothing():
    assert score_item("ordering", {"size": 3}, {"positions": [1, 2, 3]}) == 1
    assert score_item("ordering", {"size": 3}, {"positions": [2, 1, 3]}) == 0
    assert score_item("ordering", {"size": 3}, {"positions": [1, None, 3]}) == 0


def test_a_matching_counts_its_pairs():
    key = {"matches": [0, 1, 2, 1]}
    assert score_item("matching", key, {"matches": [0, 1, 2, 1]}) == 1
    assert score_item("matching", key, {"matches": [0, 1, None, 0]}) == Fraction(1, 2)


@pytest.mark.parametrize("text", ["ONU", "onu", " Onu. ", "ONÚ"])
def test_a_short_answer_ignores_case_accents_and_spaces(text):
    key = {"answers": [{"text": "ONU", "fraction": 1}]}
    assert score_item("short_answer", key, {"text": text}) == 1


def test_the_best_of_several_accepted_answers_counts():
    key = {"answers": [{"text": "modem", "fraction": 0.5}, {"text": "Modem ", "fraction": 1}]}
    assert score_item("short_answer", key, {"text": "modem"}) == 1


@pytest.mark.parametrize(
    "text, right",
    [
        ("-25", True),
        ("-24,5", True),
        ("-25.5", True),
        ("-25,51", False),
        ("25", False),
        ("x", False),
    ],
)
def test_a_number_counts_within_its_tolerance_ends_included(text, right):
    key = {"answers": [{"low": -25.5, "high": -24.5, "fraction": 1}]}
    assert score_item("numeric", key, {"text": text}) == int(right)


@pytest.mark.parametrize(
    "text, value",
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1.500", "1500"),
        ("0.250", "0.25"),
        ("−8", "-8"),
        ("30 min", "30"),
        ("30 min.", "30"),
        ("25%", "25"),
        ("5.", "5"),
        (",5", "0.5"),
        ("+5", "5"),
        ("– 8 dBm", "-8"),
        ("12 500", "12500"),
        ("1\u00a0234,56", "1234.56"),
        ("R$ 1.234,56", "1234.56"),
        ("-R$ 5", "-5"),
        ("10m²", "10"),
    ],
)
def test_numbers_read_as_brazilians_write_them(text, value):
    assert number(text) == Fraction(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "abc",
        "1,2,3",
        "1.2.3",
        "9" * 50,
        "1e5",
        "٣",
        "2 3",
        "10 20",
        "5-",
        "5-10",
        "--5",
        "2h30",
    ],
)
def test_what_is_no_number_is_none(text):
    assert number(text) is None


def test_a_kind_that_is_not_scored_is_refused():
    with pytest.raises(ValueError, match="not scored"):
        score_item("essay", {}, {"text": "x"})


def test_complete_means_nothing_left_to_give():
    assert is_complete("ordering", {"positions": [2, 1]})
    assert not is_complete("ordering", {"positions": [1, 1]})
    assert not is_complete("ordering", {"positions": [1, None]})
    assert not is_complete("matching", {"matches": [0, None]})
    assert not is_complete("numeric", {"text": "abc"})
    assert is_complete("single", {"selected": [0]})
    assert is_blank("single", None)


EXACT = Policy()
ALL = Policy(multiple="all_or_nothing", matching="all_or_nothing")
CAPPED = Policy(multiple="capped")


def test_all_or_nothing_takes_exactly_the_keys():
    scores = [
        score_item("multiple", HALF, {"selected": list(selected)}, ALL)
        for selected in ((0, 2), (0,), (0, 1, 2), (0, 1, 2, 3))
    ]
    assert scores == [1, 0, 0, 0]


def test_a_capped_choice_has_no_penalty_but_a_limit():
    scores = [
        score_item("multiple", HALF, {"selected": list(selected)}, CAPPED)
        for selected in ((0, 2), (0,), (0, 1), (1, 3), (0, 1, 2))
    ]
    assert scores == [1, Fraction(1, 2), Fraction(1, 2), 0, 0]


def test_the_limit_is_the_number_of_keys_of_the_largest_key():
    one = {"fractions": [1, 0, 0, 0]}
    assert cap("multiple", HALF, CAPPED) == 2
    assert cap("multiple", {"alternatives": [one, HALF]}, CAPPED) == 2
    assert cap("single", one, CAPPED) is None
    assert cap("multiple", HALF, EXACT) is None


@pytest.mark.parametrize(
    "name, two_ticked, best",
    [
        ("balanced", (1, 6), (1, 4)),
        ("all_or_nothing", (1, 6), (1, 6)),
        ("capped", (1, 2), (1, 2)),
    ],
)
def test_what_chance_earns_by_several_options_is_what_the_documentation_says(
    name, two_ticked, best
):
    def average(ticked):
        earned = [
            score_item("multiple", HALF, {"selected": list(some)}, Policy(multiple=name))
            for some in combinations(range(4), ticked)
        ]
        return sum(earned) / len(earned)

    assert average(2) == Fraction(*two_ticked)
    assert max(average(ticked) for ticked in (1, 2, 3, 4)) == Fraction(*best)


def test_a_policy_for_several_options_leaves_one_option_alone():
    for policy in (EXACT, ALL, CAPPED):
        assert score_item("single", {"fractions": [1, 0]}, {"selected": [0]}, policy) == 1


def adjacent(*positions):
    return score_item(
        "ordering",
        {"size": len(positions)},
        {"positions": list(positions)},
        Policy(ordering="adjacent"),
    )


def test_adjacent_pairs_are_counted_less_what_chance_gets():
    assert adjacent(1, 2, 3, 4, 5) == 1
    assert adjacent(5, 1, 2, 3, 4) == Fraction(11, 16), "three of four pairs"
    assert adjacent(4, 5, 1, 2, 3) == Fraction(11, 16)
    assert adjacent(2, 1, 3, 4, 5) == Fraction(3, 8)
    assert adjacent(1, 2, 5, 4, 3) == Fraction(1, 16)
    assert adjacent(1, 3, 5, 2, 4) == 0


def test_a_place_left_open_or_given_twice_breaks_its_pairs():
    assert adjacent(1, 2, 3, None, None) == Fraction(3, 8)
    assert adjacent(1, None, 3, None, 5) == 0
    assert adjacent(1, 2, 1, 2, 5) == 0, "pairs without an order"
    assert adjacent(1, 2, 3, 4, 4) == Fraction(3, 8)


def test_short_orders_are_all_or_nothing():
    assert [adjacent(1, 2, 3), adjacent(3, 1, 2), adjacent(2, 1)] == [1, 0, 0]


@pytest.mark.parametrize(
    "size, average",
    [(3, (1, 6)), (4, (11, 72)), (5, (53, 480)), (6, (103, 1200)), (7, (2119, 30240))],
)
def test_what_chance_earns_by_adjacent_pairs_is_what_the_documentation_says(size, average):
    earned = [adjacent(*order) for order in permutations(range(1, size + 1))]
    assert sum(earned) / len(earned) == Fraction(*average)
    share = sum(
        sum(b == a + 1 for a, b in pairwise(order)) for order in permutations(range(1, size + 1))
    )
    assert Fraction(share, len(earned) * (size - 1)) == Fraction(1, size), "one pair in n"


def test_matching_can_be_all_or_nothing():
    key = {"matches": [0, 1, 2]}
    assert score_item("matching", key, {"matches": [0, 1, 2]}, ALL) == 1
    assert score_item("matching", key, {"matches": [0, 1, 1]}, ALL) == 0
    assert score_item("matching", key, {"matches": [0, 1, None]}, ALL) == 0


def test_of_several_accepted_keys_the_best_counts():
    both = {"alternatives": [{"fractions": [1, 0, 0]}, {"fractions": [0, 0, 1]}]}
    assert [score_item("single", both, {"selected": [i]}) for i in range(3)] == [1, 0, 1]
    assert score_item("single", both, None) is None
    pairs = {"alternatives": [{"matches": [0, 1]}, {"matches": [1, 0]}]}
    assert score_item("matching", pairs, {"matches": [0, 0]}) == Fraction(1, 2), "none is mixed"


def written(text, *answers, **choices):
    key = {"answers": [{"text": a, "fraction": f} for a, f in answers]}
    return score_item("short_answer", key, {"text": text}, Policy(**choices))


def test_accents_and_case_count_where_a_quiz_says_so():
    assert written("SECAO", ("seção", 1)) == 1
    assert written("SEÇÃO", ("seção", 1), accents=True) == 1
    assert written("secao", ("seção", 1), accents=True) == 0
    assert written("Seção", ("seção", 1), case=True) == 0
    assert written("secao", ("seção", 1), case=True) == 1
    assert written("sec\u0327a\u0303o", ("seção", 1), accents=True, case=True) == 1, "composed"


@pytest.mark.parametrize("text", ["roteaodr", "rotedor", "rotteador", "rotiador", "roteador"])
def test_one_typing_slip_is_forgiven_where_a_quiz_says_so(text):
    assert written(f"o {text}", ("O roteador", 1), spelling=True) == 1
    assert written(f"o {text}", ("O roteador", 0.5), spelling=True) == Fraction(1, 2)
    assert written(f"o {text}", ("O roteador", 1)) == (text == "roteador")


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("rotaedro", "roteador"),  # two slips
        ("o modem", "modem"),  # a word more
        ("modem", "o modem"),
        ("mode m", "modem"),
        ("ilegal", "legal"),  # before the first letter
        ("oteador", "roteador"),
        ("onta", "onu"),  # too short
        ("ont", "onu"),
        ("porta 8080", "porta 8081"),  # figures
        ("porta 808", "porta 8080"),
        ("ipv4x", "ipv4"),
        ("wifi6", "wifi5"),
        ("sinal -25", "sinal +25"),  # signs
        ("pre pago", "pre-pago"),
        ("cliente ativo hoje", "cliente antigo"),
    ],
)
def test_what_is_no_typing_slip_is_not_forgiven(text, wanted):
    assert written(text, (wanted, 1), spelling=True) == 0
    assert written(wanted, (wanted, 1), spelling=True) == 1


def test_an_answer_known_to_be_wrong_is_never_forgiven():
    answers = (("ratificar", 1), ("retificar", 0))
    assert written("ratificar", *answers, spelling=True) == 1
    assert written("retificar", *answers, spelling=True) == 0
    assert written("rtificar", *answers, spelling=True) == 0, "as near to the one as to the other"
    assert written("ratiificar", *answers, spelling=True) == 1


def test_a_missing_accent_is_no_typing_slip_where_accents_count():
    assert written("modém", ("modem", 1), accents=True, spelling=True) == 0
    assert written("verificaçao", ("verificação", 1), accents=True, spelling=True) == 0
    assert written("verifcação", ("verificação", 1), accents=True, spelling=True) == 1
    assert written("Modem", ("modem", 1), case=True, spelling=True) == 0


def test_what_compares_alike():
    assert plain("  Ção; ") == "cao"
    assert plain("Ção", accents=True) == "ção"
    assert plain("Ção", case=True) == "Cao"


def test_every_rule_has_its_code_and_no_code_is_without_a_rule():
    kinds = ("single", "true_false", "multiple", "ordering", "matching", "short_answer", "numeric")
    policies = [
        Policy(m, o, p, *flags)
        for m in ("balanced", "all_or_nothing", "capped")
        for o in ("exact", "adjacent")
        for p in ("share", "all_or_nothing")
        for flags in product((False, True), repeat=3)
    ]
    assert {explain(kind, policy) for kind in kinds for policy in policies} == set(EXPLANATIONS)
    assert len(set(EXPLANATIONS)) == len(EXPLANATIONS)
    assert explain("multiple", CAPPED) == "multiple-capped"
    assert explain("multiple", ALL) == "multiple-all-or-nothing"
    assert explain("short_answer", Policy(case=True, spelling=True)) == "short-answer-case-spelling"
    with pytest.raises(ValueError, match="not scored"):
        explain("essay", EXACT)


def test_a_policy_takes_what_it_knows():
    assert Policy.from_json({}) == Policy()
    assert Policy.from_json({"ordering": "adjacent", "later": 3}) == Policy(ordering="adjacent")


@pytest.mark.parametrize(
    "values",
    [{"multiple": "half"}, {"multiple": None}, {"spelling": 1}, {"case": "yes"}, {"ordering": []}],
)
def test_a_policy_refuses_what_is_no_choice(values):
    with pytest.raises(ValueError, match="no such choice"):
        Policy.from_json(values)
