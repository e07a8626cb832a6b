"""An item of a file, taken apart: what agents may see, what only a review shows, the key."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from quizapp.formats.linting import question
from quizapp.formats.model import Answer, Item
from quizapp.formats.render import render, render_inline
from quizapp.items.keys import alternatives
from quizapp.items.kinds import CHOICE
from quizapp.items.lint import has_fixed_order

Value = dict[str, Any]


def content_of(item: Item) -> Value:
    """What an agent may see: {"stem_html", "options": [{"text", "html", "pinned"}], "rights"}.

    For a matching item the options are the left sides; `rights` are its right sides and
    distractors, each text once. Order is the source's: only a form may show it, shuffled,
    save where "fixed" says that an option names others by their letters.
    """
    content: Value = {"stem_html": render(item.stem)}
    if item.kind == "matching":
        content["options"] = [_side(left) for left, _ in item.pairs if left]
        content["rights"] = [_side(right) for right in _rights(item)]
    else:
        content["options"] = [
            {**_side(option.text), "pinned": option.pinned} for option in item.options
        ]
        if item.kind in CHOICE and _may_cite(item) and has_fixed_order(question(item)):
            content["fixed"] = True
    return content


# A lone letter or Roman number, or a word for another option: a look before the lint's.
_MAY_CITE = re.compile(
    r"\b[A-Ha-h]\b|\b[IVXivx]+\b|letra|alternativ|op[çc]|acima|abaixo|anterior|above|below|option|both",
    re.IGNORECASE,
)


def _may_cite(item: Item) -> bool:
    return any(_MAY_CITE.search(option.text) for option in item.options)


def remarks_of(item: Item) -> Value:
    """What only a review shows: {"explanation_html", "feedback": [html for each option]}."""
    return {
        "explanation": item.explanation,
        "explanation_html": render(item.explanation) if item.explanation else "",
        "feedback": [
            render_inline(option.feedback) if option.feedback else "" for option in item.options
        ],
    }


def key_of(item: Item) -> Value | None:
    """The key in the form that items.scoring reads, or None for an unkeyed or doubtful item."""
    if item.key != "given":
        return None
    if item.kind in CHOICE:
        return {"fractions": [option.fraction or 0 for option in item.options]}
    match item.kind:
        case "ordering":
            return {"size": len(item.options)}
        case "matching":
            rights = _rights(item)
            return {"matches": [rights.index(right) for left, right in item.pairs if left]}
        case "short_answer":
            return {"answers": [{"text": a.text, "fraction": a.fraction} for a in item.answers]}
        case "numeric":
            return {"answers": [_range(a) for a in item.answers]}
        case _:
            return None


def key_state_of(item: Item) -> tuple[str, Value | None]:
    """The state and value of the key that a file gives: confirmed, or doubtful with its hints.

    A value of None is no key at all.
    """
    if item.key == "doubtful":
        return "doubtful", {"hints": list(item.doubt)}
    return "confirmed", key_of(item)


def choice_key(count: int, selected: tuple[int, ...]) -> Value:
    """The key of a choice item with these options right, each for an equal share."""
    share = 1 / len(selected)
    return {"fractions": [share if i in selected else 0 for i in range(count)]}


def kind_with(kind: str, key: Value) -> str:
    """The kind an item is asked as: a draft read as single becomes multiple by its key."""
    shared = kind == "single" and any(max(one["fractions"]) < 1 for one in alternatives(key))
    return "multiple" if shared else kind


def asked_hash(item: Item) -> str:
    """A hash of what a key rests on: kind, stem and what there is to choose from."""
    return _digest(
        [
            # An unkeyed item does not know yet whether one option or several will be right.
            "choice" if item.kind in {"single", "multiple"} else item.kind,
            _words(item.stem),
            [_words(option.text) for option in item.options],
            [[_words(left), _words(right)] for left, right in item.pairs],
        ]
    )


def whole_hash(item: Item) -> str:
    """A hash of all that a revision holds; the key is not part of it."""
    later = [item.name, item.category, list(item.accepted)]
    return _digest(
        [
            asked_hash(item),
            item.stem,
            [[o.text, o.feedback, o.pinned] for o in item.options],
            item.explanation,
            list(item.sources),
            list(item.competencies),
            list(item.tags),
            item.difficulty,
            item.use,
            item.body,
            # Not there from the first day on: an item without them keeps its hash.
            *([later] if any(later) else []),
        ]
    )


def _side(text: str) -> Value:
    return {"text": text, "html": render_inline(text)}


def _rights(item: Item) -> list[str]:
    return list(dict.fromkeys(right for _, right in item.pairs))


def _range(answer: Answer) -> Mapping[str, float]:
    if answer.low is not None and answer.high is not None:
        low, high = answer.low, answer.high
    else:
        value, tolerance = answer.value or 0.0, answer.tolerance or 0.0
        # Sums of decimals as decimals: 0.1 + 0.2 must end a range at 0.3.
        low, high = round(value - tolerance, 9), round(value + tolerance, 9)
    return {"low": low, "high": high, "fraction": answer.fraction}


def _words(text: str) -> str:
    return " ".join(text.split())


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
