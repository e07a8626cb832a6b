"""What holds for every rule of scoring, tried on many forms."""

import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quizapp.items.keys import alternatives
from quizapp.items.scoring import (
    EXPLANATIONS,
    FormItem,
    Policy,
    cap,
    explain,
    is_blank,
    number,
    score_form,
    score_item,
)
from quizapp.items.scoring.texts import is_slip
from tests.examples import tried

briefly = settings(
    max_examples=tried(100),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def holds_for(*strategies):
    """A property, tried on the same examples in every run."""
    return lambda test: briefly(given(*strategies)(test))


policies = st.builds(
    Policy,
    st.sampled_from(["balanced", "all_or_nothing", "capped"]),
    st.sampled_from(["exact", "adjacent"]),
    st.sampled_from(["share", "all_or_nothing"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
WORDS = ["roteador", "Roteador", "rotedor", "modém", "modem", "senha 8", "onu"]


def choice_keys(kind, n):
    if kind == "multiple":
        picked = st.sets(st.integers(0, n - 1), min_size=1)
        return picked.map(lambda s: {"fractions": [1 / len(s) if i in s else 0 for i in range(n)]})
    return st.integers(0, n - 1).map(lambda k: {"fractions": [int(i == k) for i in range(n)]})


@st.composite
def asked(draw, kinds=("single", "multiple", "ordering", "matching", "short_answer", "numeric")):
    """A kind, a key, perhaps of several, and a response to it, or None."""
    kind = draw(st.sampled_from(kinds))
    n = draw(st.integers(2, 6))
    fractions = st.sampled_from([1, 0.5, 1 / 3, 0])
    match kind:
        case "single" | "multiple":
            keys = choice_keys(kind, n)
            most = 1 if kind == "single" else n
            response = st.sets(st.integers(0, n - 1), max_size=most).map(
                lambda s: {"selected": sorted(s)}
            )
        case "ordering":
            keys = st.just({"size": n})
            places = st.one_of(st.none(), st.integers(1, n))
            given = st.one_of(
                st.permutations(range(1, n + 1)), st.lists(places, min_size=n, max_size=n)
            )
            response = given.map(lambda p: {"positions": list(p)})
        case "matching":
            rights = st.lists(st.integers(0, n), min_size=n, max_size=n)
            keys = rights.map(lambda m: {"matches": m})
            side = st.one_of(st.none(), st.integers(0, n))
            response = st.lists(side, min_size=n, max_size=n).map(lambda m: {"matches": m})
        case "short_answer":
            answer = st.fixed_dictionaries({"text": st.sampled_from(WORDS), "fraction": fractions})
            keys = st.lists(answer, min_size=1, max_size=4).map(lambda a: {"answers": a})
            response = st.one_of(st.sampled_from(WORDS), st.text(max_size=8)).map(
                lambda t: {"text": t}
            )
        case _:
            answer = st.builds(
                lambda low, width, fraction: {
                    "low": low,
                    "high": low + width,
                    "fraction": fraction,
                },
                st.integers(-9, 9),
                st.integers(0, 3),
                fractions,
            )
            keys = st.lists(answer, min_size=1, max_size=4).map(lambda a: {"answers": a})
            response = st.one_of(st.integers(-12, 12).map(str), st.text(max_size=8)).map(
                lambda t: {"text": t}
            )
    found = draw(st.lists(keys, min_size=1, max_size=3))
    key = found[0] if len(found) == 1 else {"alternatives": found}
    return kind, key, draw(st.one_of(st.none(), response))


@st.composite
def forms(draw):
    """Form items with a response to each, of which one at least counts."""
    made = draw(st.lists(asked(), min_size=1, max_size=8))
    items = [
        FormItem(
            kind,
            key,
            draw(st.sampled_from([1, 2, 0.5, Fraction(1, 3), 0])),
            draw(st.booleans()),
            tuple(draw(st.sets(st.sampled_from("ab")))),
            draw(st.sampled_from(["scored", "scored", "scored", "voided", "granted"])),
        )
        for kind, key, _ in made
    ]
    assume(any(counts(item) for item in items))
    return items, [response for *_, response in made]


def counts(item):
    return item.points > 0 and item.treatment != "voided"


cuts = st.sampled_from([0, 50, 66.7, 80, 100])
minima = st.dictionaries(st.sampled_from("abc"), st.sampled_from([0, 40, 100]))


@holds_for(asked(), policies)
def test_a_fraction_is_between_zero_and_one_and_none_for_nothing(one, policy):
    kind, _, response = one
    fraction = score_item(*one, policy)
    if is_blank(kind, response):
        assert fraction is None
    else:
        assert isinstance(fraction, Fraction)
        assert 0 <= fraction <= 1


@holds_for(asked(("single", "multiple")), policies, st.data())
def test_a_choice_is_blind_to_the_order_of_options(one, policy, data):
    kind, key, response = one
    assume(response is not None)
    order = data.draw(st.permutations(range(len(alternatives(key)[0]["fractions"]))))
    moved = [{"fractions": [k["fractions"][i] for i in order]} for k in alternatives(key)]
    selected = sorted(order.index(i) for i in response["selected"])
    assert score_item(kind, {"alternatives": moved}, {"selected": selected}, policy) == score_item(
        kind, key, response, policy
    )


@holds_for(asked(("matching",)), policies, st.data())
def test_a_matching_is_blind_to_the_order_of_both_sides(one, policy, data):
    kind, key, response = one
    assume(response is not None)
    n = len(response["matches"])
    lefts, rights = data.draw(st.permutations(range(n))), data.draw(st.permutations(range(n + 1)))

    def moved(matches):
        return {"matches": [None if matches[i] is None else rights[matches[i]] for i in lefts]}

    keys = {"alternatives": [moved(k["matches"]) for k in alternatives(key)]}
    assert score_item(kind, keys, moved(response["matches"]), policy) == score_item(
        kind, key, response, policy
    )


@holds_for(st.integers(2, 8).flatmap(lambda n: choice_keys("multiple", n)))
def test_ticking_all_earns_nothing_where_there_are_distractors(key):
    everything = {"selected": list(range(len(key["fractions"])))}
    assert score_item("multiple", key, everything) == int(min(key["fractions"]) > 0)


@holds_for(asked(("multiple",)))
def test_capped_pays_for_no_more_selections_than_there_are_keys(one):
    kind, key, response = one
    assume(response is not None and response["selected"])
    policy = Policy(multiple="capped")
    limit, fraction = cap(kind, key, policy), score_item(*one, policy)
    if len(response["selected"]) > limit:
        assert fraction == 0
    hits = [
        Fraction(
            sum(k["fractions"][i] > 0 for i in response["selected"]),
            sum(f > 0 for f in k["fractions"]),
        )
        for k in alternatives(key)
    ]
    assert fraction <= max(hits)


@holds_for(asked(), policies)
def test_of_several_keys_the_best_counts_in_any_order(one, policy):
    kind, key, response = one
    each = [score_item(kind, k, response, policy) for k in alternatives(key)]
    turned = {"alternatives": list(reversed(alternatives(key)))}
    best = None if None in each else max(each)
    assert score_item(kind, key, response, policy) == best
    assert score_item(kind, turned, response, policy) == best


@holds_for(asked(), policies)
def test_no_rule_is_kinder_than_that_for_which_it_was_chosen(one, policy):
    """All or nothing never pays more than a share; to forgive never pays less than not to."""
    kind, _, response = one
    assume(not is_blank(kind, response))
    strict = replace(policy, multiple="all_or_nothing", matching="all_or_nothing", ordering="exact")
    assert score_item(*one, strict) <= score_item(*one, policy)
    assert score_item(*one, replace(policy, spelling=False)) <= score_item(
        *one, replace(policy, spelling=True)
    )


@holds_for(forms(), st.data(), cuts, policies, minima)
def test_voiding_an_item_is_the_form_without_it(form, data, cut, policy, least):
    items, responses = form
    out = data.draw(st.integers(0, len(items) - 1))
    rest = [i for i in range(len(items)) if i != out]
    assume(any(counts(items[i]) for i in rest))
    voided = [
        replace(item, treatment="voided") if i == out else item for i, item in enumerate(items)
    ]
    one = score_form(voided, responses, cut, policy, least)
    other = score_form([items[i] for i in rest], [responses[i] for i in rest], cut, policy, least)
    assert one.fractions[out] is None
    assert [one.fractions[i] for i in rest] == list(other.fractions)
    assert (one.points, one.max_points, one.percent) == (
        other.points,
        other.max_points,
        other.percent,
    )
    assert (one.passed, one.short, len(one.missed)) == (
        other.passed,
        other.short,
        len(other.missed),
    )


@holds_for(forms(), st.data(), cuts, policies, minima)
def test_granting_never_lowers(form, data, cut, policy, least):
    items, responses = form
    which = data.draw(st.integers(0, len(items) - 1))
    assume(items[which].treatment == "scored")
    before = score_form(items, responses, cut, policy, least)
    granted = [replace(x, treatment="granted") if i == which else x for i, x in enumerate(items)]
    after = score_form(granted, responses, cut, policy, least)
    assert after.fractions[which] == 1
    assert after.percent >= before.percent
    assert after.passed >= before.passed
    assert set(after.missed) <= set(before.missed)
    assert set(after.short) <= set(before.short)


@holds_for(forms(), st.data(), cuts, policies)
def test_a_better_answer_never_lowers_the_per_cent(form, data, cut, policy):
    items, responses = form
    which = data.draw(st.integers(0, len(items) - 1))
    other = data.draw(st.one_of(st.none(), asked((items[which].kind,)).map(lambda one: one[2])))
    sizes = [len(v) for r in (responses[which], other) if r for v in r.values() if type(v) is list]
    is_choice = items[which].kind in ("single", "multiple")
    if is_choice and other:
        n = len(alternatives(items[which].key)[0]["fractions"])
        assume(all(i < n for i in other["selected"]))
    elif items[which].kind in ("ordering", "matching"):
        key = alternatives(items[which].key)[0]
        assume(set(sizes) <= {key.get("size", len(key.get("matches", ())))})
    before = score_form(items, responses, cut, policy)
    changed = [other if i == which else response for i, response in enumerate(responses)]
    after = score_form(items, changed, cut, policy)
    if (after.fractions[which] or 0) >= (before.fractions[which] or 0):
        assert after.percent >= before.percent
    else:
        assert after.percent <= before.percent


@holds_for(forms(), st.data(), cuts, policies, minima)
def test_items_in_another_order_have_their_fractions_in_that_order(form, data, cut, policy, least):
    items, responses = form
    order = data.draw(st.permutations(range(len(items))))
    one = score_form(items, responses, cut, policy, least)
    other = score_form([items[i] for i in order], [responses[i] for i in order], cut, policy, least)
    assert other.fractions == tuple(one.fractions[i] for i in order)
    assert {order[position - 1] + 1 for position in other.missed} == set(one.missed)
    assert replace(other, fractions=(), missed=()) == replace(one, fractions=(), missed=())


@holds_for(forms(), cuts, policies, minima)
def test_scoring_the_same_again_is_the_identity_to_the_byte(form, cut, policy, least):
    items, responses = form
    stored = json.loads(
        json.dumps([responses, [item.key for item in items], policy.to_json(), least])
    )
    again = [replace(item, key=key) for item, key in zip(items, stored[1], strict=True)]
    turned = dict(reversed(stored[3].items()))
    one = score_form(items, responses, cut, policy, least)
    other = score_form(again, stored[0], cut, Policy.from_json(stored[2]), turned)
    assert repr(one).encode() == repr(other).encode()


@holds_for(forms(), cuts, policies, minima)
def test_a_pass_is_the_cut_score_and_nothing_missed_or_short(form, cut, policy, least):
    items, responses = form
    result = score_form(items, responses, cut, policy, least)
    reached = result.percent >= Fraction(str(cut))
    assert result.passed == (reached and not result.missed and not result.short)
    assert 0 <= result.points <= result.max_points
    assert result.percent * result.max_points == 100 * result.points


@holds_for(forms(), cuts, policies, st.integers(2, 5))
def test_points_times_as_many_change_nothing(form, cut, policy, times):
    items, responses = form
    more = [replace(item, points=Fraction(str(item.points)) * times) for item in items]
    one, other = score_form(items, responses, cut, policy), score_form(more, responses, cut, policy)
    assert (one.percent, one.fractions, one.passed) == (
        other.percent,
        other.fractions,
        other.passed,
    )


@holds_for(policies)
def test_a_policy_comes_back_from_json(policy):
    stored = json.loads(json.dumps(policy.to_json()))
    assert Policy.from_json(stored) == policy
    assert (
        Policy.from_json({name: v for name, v in stored.items() if v != getattr(Policy(), name)})
        == policy
    )


@holds_for(asked(), policies)
def test_every_rule_has_a_code(one, policy):
    assert explain(one[0], policy) in EXPLANATIONS


letters = st.text("abcr", min_size=5, max_size=8)


@holds_for(letters, letters)
def test_a_slip_is_a_distance_of_one_after_the_first_letter(one, other):
    assert is_slip(one, other) == (one[0] == other[0] and distance(one, other) == 1)


@holds_for(letters, st.integers(1, 4), st.sampled_from("xy"))
def test_each_slip_is_seen(word, at, letter):
    for slip in (
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ):
        assert is_slip(slip, word) == (slip != word)


def distance(one, other):
    """The optimal string alignment distance by its recurrence, slow and plain."""
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@holds_for(st.decimals(-(10**6), 10**6, places=2))
def test_a_number_is_read_as_it_is_written_here_and_elsewhere(value):
    english = f"{value:,.2f}"
    brazilian = english.translate(str.maketrans(",.", ".,"))
    assert number(english) == number(brazilian) == number(f"{value}") == Fraction(value)


@holds_for(st.text(max_size=40), policies)
def test_any_text_can_be_scored(text, policy):
    answers = {"answers": [{"text": "abcde", "low": 1, "high": 2, "fraction": 1}]}
    for kind in ("short_answer", "numeric"):
        assert score_item(kind, answers, {"text": text}, policy) in (None, 0, 1)
