"""What was right in an item, in the order in which it was shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from quizapp.content.models import ItemRevision
from quizapp.items.keys import alternatives, partners, right_options
from quizapp.items.kinds import CHOICE
from quizapp.quiz import forms


@dataclass(frozen=True)
class ReviewedOption:
    """An option with what is known after the fact; `right` is the correct place or partner."""

    shown: forms.ShownOption
    correct: bool
    feedback: Markup
    right: str | Markup


def reviewed_options(
    shown: forms.ShownItem,
    order: Sequence[int],
    revision: ItemRevision,
    key: dict[str, Any],
    said: Sequence[Markup],
) -> list[ReviewedOption]:
    """The options of an item beside its key; `order` is the source order of what was shown.

    `said` is the feedback to each option in source order, of which the chosen and the correct
    ones get theirs.
    """
    kind = shown.kind
    if kind == "matching":
        rights = revision.content["rights"]
        return [
            ReviewedOption(
                option,
                option.given is not None and order[option.given - 1] in accepted_rights,
                Markup(""),
                Markup(" · ").join(Markup(rights[right]["html"]) for right in accepted_rights),
            )
            for left, option in enumerate(shown.options)
            for accepted_rights in [partners(key, left)]
        ]
    found = []
    keyed = right_options(key)
    for option, source in zip(shown.options, order, strict=True):
        if kind in CHOICE:
            correct, right = source in keyed, ""
        else:
            correct, right = option.given == source + 1, str(source + 1)
        is_told = (option.selected or correct) and source < len(said)
        feedback = said[source] if is_told else Markup("")
        found.append(ReviewedOption(option, correct, feedback, right))
    # An ordering is read in its right order.
    return found if kind in CHOICE else sorted(found, key=lambda option: int(option.right))


def accepted(kind: str, key: dict[str, Any]) -> list[str]:
    """The accepted answers of a written item as text; numbers with a decimal comma.

    An answer that earns nothing is there for its feedback.
    """
    answers = [
        answer
        for one in alternatives(key)
        for answer in one.get("answers", ())
        if answer["fraction"] > 0
    ]
    found: list[str] = []
    if kind == "short_answer":
        found = [str(answer["text"]) for answer in answers]
    elif kind == "numeric":
        found = [_range(float(a["low"]), float(a["high"])) for a in answers]
    return list(dict.fromkeys(found))


def _range(low: float, high: float) -> str:
    ends = [f"{end:.9g}".replace(".", ",") for end in (low, high)]
    return ends[0] if low == high else f"{ends[0]} – {ends[1]}"
