"""What to look at in an item, and that small numbers say nothing."""

import random
from collections.abc import Sequence

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.looks import CODES
from quizapp.reports.statistics.model import Asked, Look, Mark, Options

A, B, C, D = range(4)
ASKED = {1: Asked(4, frozenset({A}))}


def _looks(
    chosen: Sequence[Sequence[int] | None], asked: dict[int, Asked] | None = None
) -> dict[str, Look]:
    """What is found in item 1 where people of rising ability chose this, beside nine good items.

    None is a blank.
    """
    asked = ASKED if asked is None else asked
    chance = random.Random(1)
    marks = []
    for person, options in enumerate(chosen):
        ability = person / len(chosen)
        right = None if options is None else float(frozenset(options) == asked[1].key)
        marks.append(Mark(person, 1, person, 1, 1, right, True, tuple(options or ())))
        marks += [
            Mark(person, item, person, item, 1, float(chance.random() < ability), True)
            for item in range(2, 11)
        ]
    return {look.code: look for look in analyse(marks, asked).looks if look.item == 1}


def _mixed(seed: int, people: int, by_third: Sequence[Sequence[int]]) -> list[tuple[int]]:
    """Options at random for each third of the people, the weakest first, by these weights."""
    chance = random.Random(seed)
    return [
        (chance.choices(range(4), by_third[min(2, 3 * person // people)])[0],)
        for person in range(people)
    ]


def test_a_good_item_gives_nothing_to_look_at() -> None:
    assert _looks(_mixed(1, 200, [(4, 3, 2, 2), (6, 2, 2, 1), (9, 1, 1, 1)])) == {}


def test_the_best_choose_another_option_than_the_key() -> None:
    found = _looks(_mixed(2, 200, [(8, 3, 2, 2), (3, 6, 2, 2), (1, 9, 1, 1)]))
    look = found["key_rivalled"]
    assert (look.level, look.args["option"]) == ("act", B)
    assert look.args["chosen"] > look.args["key_chosen"]
    # Who has the key now does worse, and that is said after it.
    assert list(found)[:2] == ["key_rivalled", "discrimination_negative"]
    # The same shares among few people may be chance.
    assert "key_rivalled" not in _looks(_mixed(3, 30, [(3, 3, 3, 3), (3, 3, 3, 3), (3, 4, 1, 1)]))
    assert _looks(_mixed(2, 29, [(1, 9, 1, 1)] * 3)) == {}


def test_the_best_choose_two_options_equally() -> None:
    found = _looks(_mixed(4, 300, [(3, 3, 3, 3), (4, 4, 2, 2), (6, 6, 0, 0)]))
    assert found["ambiguous"].args["option"] == B
    assert "key_rivalled" not in found
    accepted = {1: Asked(4, frozenset({A, B}))}
    assert "ambiguous" not in _looks(_mixed(4, 300, [(3, 3, 3, 3)] * 2 + [(6, 6, 0, 0)]), accepted)


def test_of_several_the_best_choose_a_wrong_one_or_leave_out_a_right_one() -> None:
    asked = {1: Asked(4, frozenset({A, B}), several=True)}
    found = _looks([(A, C) if person > 60 else (B,) for person in range(200)], asked)
    assert found["key_doubted"].args["option"] in (B, C)
    assert "key_doubted" not in _looks([(A, B)] * 190 + [(A, C)] * 10, asked)


def test_nobody_chooses_an_option_though_others_err() -> None:
    found = _looks(_mixed(5, 200, [(4, 4, 4, 0), (6, 3, 3, 0), (9, 1, 1, 0)]))
    assert found["unchosen"].args["unchosen"] == (D,)
    # Three who err may well overlook an option; that is no fault of it.
    assert "unchosen" not in _looks([(A,)] * 197 + [(B,), (B,), (C,)])


def test_everybody_gets_it_right_and_that_is_no_fault() -> None:
    found = _looks([(A,)] * 40)
    assert {code: look.level for code, look in found.items()} == {"all_right": "know"}
    assert found["all_right"].args == {"n": 40}


def test_nearly_nobody_gets_it_right() -> None:
    # B is taken most, yet by the weak: a hard item, and no rival of the key among the best.
    hard = [(A,) if person > 185 else ((B, C, D)[person % 3],) for person in range(200)]
    found = _looks(hard)
    assert found["few_right"].args == {"right": 14, "n": 200}
    true_false = {1: Asked(2, frozenset({A}))}
    guessed = [(A,) if person % 3 == 0 else (B,) for person in range(200)]
    assert _looks(guessed, true_false)["below_chance"].args["chance"] == 0.5


def test_it_tells_nobody_apart() -> None:
    found = _looks(_mixed(6, 400, [(5, 2, 2, 2)] * 3))
    assert found["discrimination_low"].args["discrimination"] < 0.2
    # Where nearly all are right there is nothing to tell apart.
    assert "discrimination_low" not in _looks(_mixed(6, 400, [(60, 1, 1, 1)] * 3))


def test_many_leave_it_blank_or_do_not_get_to_it() -> None:
    found = _looks([None if person % 4 == 0 else (A,) for person in range(100)])
    assert found["often_blank"].args == {"blank": 25, "n": 100}
    assert "often_blank" not in _looks([None if person % 9 == 0 else (A,) for person in range(100)])
    marks = [
        Mark(person, item, person, item, 1, 1.0 if item < 3 or person % 4 else None)
        for person in range(100)
        for item in (1, 2, 3)
    ]
    looks = [look for look in analyse(marks).looks if look.level != "know"]
    assert [(one.code, one.item) for one in looks] == [("often_unreached", 3)]
    assert looks[0].args == {"unreached": 25, "n": 100}


def test_it_takes_far_longer_than_the_others() -> None:
    marks = [
        Mark(p, item, p, item, 1, float((p + item) % 3 > 0), spent=(60 if item == 4 else 15) * 1000)
        for p in range(60)
        for item in range(1, 9)
    ]
    slow = analyse(marks, options=Options(discrimination_from=999)).looks
    assert [(look.code, look.item) for look in slow] == [("slow", 4)]
    assert slow[0].args == {"seconds": 60, "typical": 15}


def test_the_most_pressing_comes_first() -> None:
    assert list(CODES.values()) == sorted(CODES.values(), key=["act", "look", "know"].index)
