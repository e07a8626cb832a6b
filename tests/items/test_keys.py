"""Keys that accept several: made, read, compared."""

import pytest

from quizapp.items.keys import accepting, accepts, alternatives, partners, right_options

A, B, C = ({"fractions": [int(i == n) for i in range(3)]} for n in range(3))


def test_a_key_alone_is_its_only_alternative():
    assert alternatives(A) == (A,)
    assert accepting((A,)) == A
    assert accepting((A, A)) == A


def test_several_are_kept_in_order_and_each_once():
    both = accepting((A, B))
    assert alternatives(both) == (A, B)
    assert accepting((both, C, B)) == {"alternatives": [A, B, C]}, "never one within another"


def test_no_key_accepts_nothing():
    with pytest.raises(ValueError, match="accepts something"):
        accepting(())


def test_a_key_accepts_what_it_holds_whatever_the_order():
    both = accepting((A, B))
    assert accepts(both, A)
    assert accepts(both, accepting((B, A)))
    assert not accepts(both, C)
    assert not accepts(A, both)
    assert not accepts(both, accepting((A, C)))


def test_what_is_right_is_right_under_any_of_them():
    assert right_options(accepting((A, C))) == {0, 2}
    assert right_options({"answers": []}) == set()
    both = accepting(({"matches": [0, 1]}, {"matches": [0, 2]}))
    assert [partners(both, left) for left in (0, 1)] == [(0,), (1, 2)]
