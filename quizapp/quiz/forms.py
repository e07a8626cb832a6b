"""A form: the items of one attempt in the order it shows them, and how answers map back.

What a page shows and sends are places in the order shown; what is stored is in terms of
the item's source order. A page must not know the latter: it can give the key away.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from markupsafe import Markup

from quizapp.errors import Invalid

Value = dict[str, Any]
LONGEST_TEXT = 500
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class ShownOption:
    """An option at its place, with what the agent gave for it."""

    place: int
    letter: str
    html: Markup
    selected: bool
    given: int | None


@dataclass(frozen=True)
class ShownItem:
    """An item as an agent sees it; nothing here depends on the key.

    `cap` is how many options may be chosen at most, None for any number.
    """

    position: int
    kind: str
    stem: Markup
    options: tuple[ShownOption, ...]
    rights: tuple[Markup, ...]
    text: str
    cap: int | None = None
    points: int = 1
    eliminatory: bool = False


def order(kind: str, content: Mapping[str, Any], seed: int, uid: str) -> list[int]:
    """The source indices in the order to show, from the attempt's seed; pinned ones last."""
    # Seeded by text: Python's own hash of strings differs from process to process.
    chance = random.Random(f"{seed}:{uid}")  # noqa: S311 - a shuffle, not a secret
    options = content["options"]
    if kind == "matching":
        indices = list(range(len(content["rights"])))
        chance.shuffle(indices)
        return indices
    loose = [i for i, option in enumerate(options) if not option.get("pinned")]
    pinned = [i for i, option in enumerate(options) if option.get("pinned")]
    if content.get("fixed"):
        # An option says "A and C": with other letters it would be wrong.
        return list(range(len(options)))
    if kind == "true_false":
        return loose + pinned
    source = list(loose)
    chance.shuffle(loose)
    if kind == "ordering" and loose == source and len(loose) > 1:
        # Shown solved, the item would ask nothing.
        loose = loose[1:] + loose[:1]
    return loose + pinned


def show(
    position: int,
    kind: str,
    content: Mapping[str, Any],
    shown: Sequence[int],
    response: Mapping[str, Any] | None,
    cap: int | None = None,
    points: int = 1,
    eliminatory: bool = False,
) -> ShownItem:
    """The item as a page needs it."""
    given = response or {}
    options = content["options"]
    if kind == "matching":
        place_of = {source: place for place, source in enumerate(shown, start=1)}
        matches = given.get("matches") or [None] * len(options)
        return ShownItem(
            position,
            kind,
            Markup(content["stem_html"]),
            tuple(
                ShownOption(i, LETTERS[(i - 1) % 26], Markup(left["html"]), False, place_of.get(m))
                for i, (left, m) in enumerate(zip(options, matches, strict=True), start=1)
            ),
            tuple(Markup(content["rights"][source]["html"]) for source in shown),
            "",
            cap,
            points,
            eliminatory,
        )
    selected = given.get("selected") or []
    positions = given.get("positions") or [None] * len(options)
    return ShownItem(
        position,
        kind,
        Markup(content["stem_html"]),
        tuple(
            ShownOption(
                place,
                LETTERS[(place - 1) % 26],
                Markup(options[source]["html"]),
                source in selected,
                positions[source],
            )
            for place, source in enumerate(shown, start=1)
        ),
        (),
        given.get("text", ""),
        cap,
        points,
        eliminatory,
    )


def read_response(
    kind: str,
    shown: Sequence[int],
    lefts: int,
    sent: Callable[[str], list[str]],
    cap: int | None = None,
) -> Value | None:
    """What a page sent, as it is stored; None for nothing. `sent` gives a field's values.

    Raises Invalid for what no page of ours sends, and for more options than `cap`.
    """
    match kind:
        case "ordering":
            positions: list[int | None] = [None] * len(shown)
            for place, source in enumerate(shown, start=1):
                positions[source] = _place(sent(f"place-{place}"), len(shown))
            return {"positions": positions} if any(positions) else None
        case "matching":
            matches: list[int | None] = []
            for i in range(1, lefts + 1):
                partner = _place(sent(f"match-{i}"), len(shown))
                matches.append(shown[partner - 1] if partner else None)
            return {"matches": matches} if any(m is not None for m in matches) else None
        case "short_answer" | "numeric":
            text = "".join(sent("text")[:1])
            if len(text) > LONGEST_TEXT:
                raise Invalid(gettext("Answer in at most %(n)s characters.", n=LONGEST_TEXT))
            return {"text": text} if text.strip() else None
        case _:
            places = sorted({_place([value], len(shown)) or 0 for value in sent("option")} - {0})
            if kind != "multiple" and len(places) > 1:
                raise Invalid(gettext("This question takes one option."))
            if cap is not None and len(places) > cap:
                raise Invalid(
                    ngettext(
                        "Choose %(num)s option at most.", "Choose %(num)s options at most.", cap
                    )
                )
            return {"selected": sorted(shown[place - 1] for place in places)} if places else None


def _place(values: list[str], count: int) -> int | None:
    if not values or not values[0]:
        return None
    if not values[0].isascii() or not values[0].isdigit() or not 1 <= int(values[0][:4]) <= count:
        raise Invalid(gettext("This answer does not belong to this question."))
    return int(values[0])
