"""The draw: what it fills, with whom, and that it does so again."""

import random
import time
from collections import Counter
from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.quiz.blueprints import Blueprint, Candidate, Part, certain, draw, fits, variety
from tests.examples import tried

COMPETENCIES = ("a", "b", "c")


def candidate(uid, *competencies, seen=False, used=0, bank="x", **more):
    return Candidate(bank, uid, competencies, seen=seen, used=used, **more)


def names(blueprint, pool, seed=1):
    drawn, _ = draw(blueprint, pool, seed)
    return [pool[place.candidate].uid for place in drawn]


pools = st.lists(
    st.tuples(st.sets(st.sampled_from(COMPETENCIES)), st.booleans(), st.integers(0, 3)),
    max_size=7,
).map(
    lambda rows: [
        candidate(f"i{n}", *sorted(of), seen=seen, used=used)
        for n, (of, seen, used) in enumerate(rows)
    ]
)
drawn_parts = st.builds(
    lambda by, n: Part("x", by="competency" if by else "any", value=by, n=n),
    st.sampled_from(("", *COMPETENCIES)),
    st.integers(1, 3),
)
parts = drawn_parts | st.builds(
    lambda by: Part("x", by="competency", value=by), st.sampled_from("ab")
)
fixed = st.lists(st.sampled_from(["i0", "i1", "gone"]), min_size=1, max_size=2, unique=True).map(
    lambda uids: Part("x", items=tuple(uids))
)
seeds = st.integers(0, 2**53 - 1)


def places(blueprint, pool):
    """Each place with whom it may take: what the brute force tries one by one."""
    for part in blueprint.parts:
        fit = fits(part, pool)
        if part.items or part.n is None:
            yield from ([i] for i in fit)
        else:
            yield from (fit for _ in range(part.n))


def most(slots, taken=frozenset()):
    """The most places that can be filled, by trying all there is."""
    if not slots:
        return 0
    first, rest = slots[0], slots[1:]
    best = most(rest, taken)
    for index in first:
        if index not in taken:
            best = max(best, 1 + most(rest, taken | {index}))
    return best


def greedy(slots):
    """What a draw without exchange fills: each place takes the first one that is left."""
    taken = set()
    for fit in slots:
        free = next((i for i in fit if i not in taken), None)
        if free is not None:
            taken.add(free)
    return len(taken)


@given(pools, st.lists(parts | fixed, min_size=1, max_size=3), seeds)
@settings(max_examples=tried(150), deadline=None)
def test_as_many_places_are_filled_as_can_be(pool, some, seed):
    blueprint = Blueprint(tuple(some))
    drawn, _ = draw(blueprint, pool, seed)
    assert len(drawn) == most(list(places(blueprint, pool)))


def test_without_exchange_a_form_that_can_be_filled_is_not():
    pool = [candidate("i0", "a", "b"), candidate("i1", "a")]
    blueprint = Blueprint(
        (Part("x", n=1, by="competency", value="a"), Part("x", n=1, by="competency", value="b"))
    )
    slots = list(places(blueprint, pool))
    assert greedy(slots) == 1
    for seed in range(20):
        drawn, shortages = draw(blueprint, pool, seed)
        assert [pool[one.candidate].uid for one in drawn] == ["i1", "i0"]
        assert not shortages


@given(pools, st.lists(parts | fixed, min_size=1, max_size=4), seeds, st.booleans())
def test_no_item_is_in_a_form_twice_and_each_fits_its_part(pool, some, seed, shuffle):
    blueprint = Blueprint(tuple(some), frozenset({"x#i0"}), shuffle)
    drawn, _ = draw(blueprint, pool, seed)
    inside = [one.candidate for one in drawn]
    assert len(inside) == len(set(inside))
    assert set(inside) <= {i for part in some for i in fits(part, pool)}
    assert all(one.eliminatory == (pool[one.candidate].uid == "i0") for one in drawn)


@given(pools, st.lists(parts | fixed, min_size=1, max_size=4), seeds, st.randoms())
def test_the_same_seed_gives_the_same_items_whatever_the_order_of_the_pool(
    pool, some, seed, chance
):
    blueprint = Blueprint(tuple(some))
    assert names(blueprint, pool, seed) == names(blueprint, pool, seed)
    mixed = list(pool)
    chance.shuffle(mixed)
    assert sorted(names(blueprint, mixed, seed)) == sorted(names(blueprint, pool, seed))


@given(pools, st.lists(drawn_parts, min_size=1, max_size=2), seeds)
@settings(max_examples=tried(60), deadline=None)
def test_no_other_form_as_full_has_fresher_items(pool, some, seed):
    """Lexicographically: fewest seen ones, then least used ones, among all full forms."""
    blueprint = Blueprint(tuple(some))
    slots = list(places(blueprint, pool))
    drawn, _ = draw(blueprint, pool, seed)

    def cost(indices):
        return sorted((pool[i].seen, pool[i].used) for i in indices)

    mine = cost([one.candidate for one in drawn])
    size = len(drawn)

    def fill(rest, taken):
        if len(taken) + len(rest) < size:
            return
        if not rest:
            yield taken  # as many as can be
            return
        yield from fill(rest[1:], taken)
        for index in rest[0]:
            if index not in taken:
                yield from fill(rest[1:], taken | {index})

    assert all(mine <= cost(taken) for taken in set(fill(slots, frozenset())))


@given(st.lists(st.integers(0, 50), min_size=3, max_size=12, unique=True), st.integers(1, 3), seeds)
def test_with_distinct_counts_the_least_used_are_drawn(counts, n, seed):
    pool = [candidate(f"i{used}", used=used) for used in counts]
    least = [f"i{used}" for used in sorted(counts)[:n]]
    for order in list(permutations(pool))[:20] if len(pool) < 5 else [pool, pool[::-1]]:
        assert names(Blueprint((Part("x", n=n),)), list(order), seed) == least


def test_on_a_retake_what_was_not_seen_comes_first_even_if_used_more():
    pool = [candidate("i0", seen=True), candidate("i1", used=9), candidate("i2", used=8)]
    assert names(Blueprint((Part("x", n=2),)), pool) == ["i2", "i1"]


def test_what_is_named_or_all_of_stands_in_its_own_order():
    pool = [candidate(f"i{n}", "a" if n % 2 else "b") for n in range(6)]
    by_name = Blueprint(
        (Part("x", items=("i4", "i0", "i2")), Part("x", by="competency", value="a"))
    )
    assert names(by_name, pool) == ["i4", "i0", "i2", "i1", "i3", "i5"]


def test_a_part_that_names_its_items_has_them_before_one_that_draws():
    pool = [candidate("i0"), candidate("i1", used=5)]
    blueprint = Blueprint((Part("x", n=2), Part("x", items=("i0",), points=3)))
    drawn, (short,) = draw(blueprint, pool, 1)
    assert {pool[one.candidate].uid: one.points for one in drawn} == {"i1": 1, "i0": 3}
    assert (short.part, short.wanted, short.found) == (0, 2, 1)


def test_every_item_of_a_pool_is_used_about_equally_over_a_thousand_forms():
    blueprint = Blueprint((Part("x", n=4), Part("x", by="competency", value="a", n=3)))
    pool = [candidate(f"i{n}", *("a" if n < 12 else "b")) for n in range(30)]
    used = Counter()
    for seed in range(1000):
        fresh = [replace(one, used=used[one.uid]) for one in pool]
        drawn, shortages = draw(blueprint, fresh, seed)
        assert not shortages
        used.update(pool[one.candidate].uid for one in drawn)
    # 7,000 places over 30 items; those of "a" can be had by both parts.
    assert sum(used.values()) == 7000
    of_a, others = [used[f"i{n}"] for n in range(12)], [used[f"i{n}"] for n in range(12, 30)]
    assert max(of_a) - min(of_a) <= 2
    assert max(others) - min(others) <= 2


def test_by_chance_alone_every_item_has_its_share():
    """A fixed row of seeds: 1,000 draws of 5 of 20, each item 250 times but for chance."""
    pool = [candidate(f"i{n}") for n in range(20)]
    used = Counter(
        uid for seed in range(1000) for uid in names(Blueprint((Part("x", n=5),)), pool, seed)
    )
    assert len(used) == 20
    # The standard deviation is about 13.7; four of them is one case in 16,000.
    assert all(abs(count - 250) < 55 for count in used.values()), used


def test_a_large_blueprint_is_drawn_fast_and_without_depth():
    chance = random.Random(3)
    tags = [f"t{n}" for n in range(50)]
    pool = [
        Candidate("x", f"i{n}", tags=tuple(chance.sample(tags, 3)), used=chance.randrange(5))
        for n in range(1000)
    ]
    blueprint = Blueprint(tuple(Part("x", by="tag", value=tag, n=22) for tag in tags))
    began = time.process_time()
    drawn, shortages = draw(blueprint, pool, 1)
    assert time.process_time() - began < 1
    assert len(drawn) == 1000
    assert sum(short.wanted - short.found for short in shortages) == 100


def test_a_chain_of_four_hundred_exchanges_is_followed():
    pool = [Candidate("x", f"i{n:03}", tags=(f"t{n}", f"t{n + 1}"), used=n) for n in range(400)]
    pool.append(Candidate("x", "last", tags=("t0",), used=999))
    blueprint = Blueprint(tuple(Part("x", by="tag", value=f"t{n}", n=1) for n in range(401)))
    drawn, shortages = draw(blueprint, pool, 1)
    assert len(drawn) == 401
    assert not shortages


@given(
    st.lists(parts | fixed, min_size=1, max_size=4),
    st.sets(st.sampled_from(["x#i0", "x#i1"])),
    st.booleans(),
)
def test_a_blueprint_comes_back_from_its_json(some, eliminatory, shuffle):
    blueprint = Blueprint(tuple(some), frozenset(eliminatory), shuffle)
    assert Blueprint.from_json(blueprint.to_json()) == blueprint


@given(pools, st.lists(parts | fixed, min_size=1, max_size=3), seeds)
def test_what_is_certain_is_in_every_form(pool, some, seed):
    """Part by part, hence for parts that do not share items."""
    for part in some:
        blueprint = Blueprint((part,))
        among = frozenset(i for i, one in enumerate(pool) if "a" in one.competencies)
        drawn, _ = draw(blueprint, pool, seed)
        assert sum(one.candidate in among for one in drawn) >= certain(blueprint, pool, among)


def test_the_variety_of_forms_is_counted():
    pool = [candidate(f"i{n}", "a" if n < 5 else "b") for n in range(15)]
    assert variety(Blueprint((Part("x"),)), pool) == 1
    assert (
        variety(
            Blueprint(
                (
                    Part("x", n=3, by="competency", value="a"),
                    Part("x", n=1, by="competency", value="b"),
                )
            ),
            pool,
        )
        == 100
    )
