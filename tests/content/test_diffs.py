"""Diffs: they lead from one text to the other, mark words, and take their time from no text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.diffs import LONGEST_LINE, compare

LINES = st.lists(st.sampled_from(["", "a", "b", "- [ ] Sim.", "## Um? {#x-1}", "dois  três"]))
ALL = 10**6


def lines(found, kind):
    return [line for hunk in found.hunks for line in hunk.lines if line.kind == kind]


def text_of(line):
    return "".join(piece.text for piece in line.pieces)


def changed(found, kind):
    return [[p.text for p in line.pieces if p.changed] for line in lines(found, kind)]


@given(LINES, LINES)
def test_the_lines_shown_make_up_both_texts(old, new):
    before, after = "\n".join([*old, "end"]), "\n".join([*new, "end"])
    found = compare(before, after, context=ALL, most=ALL)
    if before == after:
        assert found.hunks == ()
        return
    (hunk,) = found.hunks
    kept = [line for line in hunk.lines if line.kind != "added"]
    came = [line for line in hunk.lines if line.kind != "removed"]
    assert "\n".join(map(text_of, kept)) == before
    assert "\n".join(map(text_of, came)) == after
    assert [line.before for line in kept] == list(range(1, len(kept) + 1))
    assert [line.after for line in came] == list(range(1, len(came) + 1))


@given(LINES, LINES)
def test_the_other_way_round_what_was_added_is_removed(old, new):
    there, back = (compare("\n".join(a), "\n".join(b)) for a, b in ((old, new), (new, old)))
    assert (there.added - there.removed) == (back.removed - back.added)


def test_a_changed_word_is_marked_and_the_rest_of_its_line_is_not():
    found = compare("Reinicie o modem do cliente.\n", "Reinicie o roteador do cliente.\n")
    assert changed(found, "removed") == [["modem"]]
    assert changed(found, "added") == [["roteador"]]


def test_a_line_that_became_another_is_not_marked_word_by_word():
    found = compare("Confirme o titular.", "Veja os LEDs da ONU, um por um.")
    assert changed(found, "added") == [[]]
    assert (found.added, found.removed) == (1, 1)


def test_a_question_put_in_between_is_one_block():
    items = [f"## Pergunta {n}?\n\n- [x] Sim.\n- [ ] Não.\n" for n in range(6)]
    found = compare(
        "\n".join(items), "\n".join([*items[:3], "## Nova?\n\n- [x] Sim.\n", *items[3:]])
    )
    (hunk,) = found.hunks
    assert next(text_of(x) for x in hunk.lines if x.kind == "added") in ("", "## Nova?")
    assert (found.added, found.removed) == (4, 0)


def test_changes_far_apart_stand_apart_with_the_lines_around_them():
    old = [f"linha {n}" for n in range(40)]
    new = [*old]
    new[5], new[30] = "outra", "mais uma"
    found = compare("\n".join(old), "\n".join(new))
    assert [[hunk.lines[0].before, hunk.lines[-1].after] for hunk in found.hunks] == [
        [3, 9],
        [28, 34],
    ]


def test_a_new_text_is_all_added():
    found = compare("", "um\ndois\n")
    assert [text_of(line) for line in lines(found, "added")] == ["um", "dois"]
    assert found.removed == 0


def test_line_ends_of_other_alphabets_do_not_count_as_lines():
    found = compare("um\u2028dois\n", "um\u2028três\n")
    assert (found.added, found.removed) == (1, 1)


def test_what_is_not_shown_is_counted():
    found = compare("", "x\n" * 50, most=20)
    assert (found.added, found.more, len(found.hunks[0].lines)) == (50, 30, 20)


def test_a_line_without_end_is_cut_off_visibly():
    (line,) = lines(compare("", "x" * 10**6), "added")
    assert text_of(line) == "x" * LONGEST_LINE + " …"


@pytest.mark.parametrize("words", [2, 50, 5000, 10**6])
def test_texts_of_any_kind_are_compared_in_time(words):
    chance = random.Random(words)

    def made():
        return "\n".join(str(chance.randrange(words)) for _ in range(30_000))

    texts = [
        (made(), made()),
        (made().replace("\n", " "), made().replace("\n", " ")),
    ]
    begun = time.process_time()
    for before, after in texts:
        compare(before, after)
    assert time.process_time() - begun < 10
