"""The items of our JSON."""

from typing import get_args

from quizapp.formats.front_matter import is_id
from quizapp.formats.json_fields import Fields, Note
from quizapp.formats.model import Answer, Item, KeyState, Option
from quizapp.formats.text import normalise
from quizapp.items.kinds import CHOICE, KINDS, Difficulty, Kind, Use

_MANY = 10**9
_UNSCORED: frozenset[Kind] = frozenset({"essay", "description"})
_OF_ITEM = {
    *("id", "kind", "stem", "options", "answers", "pairs", "explanation", "sources", "use", "tags"),
    *("competencies", "difficulty", "line", "key", "doubt", "number", "name", "category", "body"),
    "accepted",
}
_OF_ANSWER = {"text", "value", "tolerance", "low", "high", "fraction", "feedback"}


def item_of(fields: Fields) -> Item:
    """The item that an object holds."""
    fields.only(_OF_ITEM)
    fields.require("kind", "stem")
    kind = fields.word("kind", KINDS, "single")
    options = tuple(_option(option) for option in fields.objects("options"))
    levels: tuple[Difficulty, ...] = get_args(Difficulty)
    uses: tuple[Use, ...] = get_args(Use)
    has_level = fields.values.get("difficulty") is not None
    return Item(
        id=id_of(fields),
        id_given=True,
        number=fields.text("number"),
        kind=kind,
        stem=fields.text("stem"),
        line=1,
        key=_key(fields, kind, options),
        options=options,
        answers=tuple(_answer(answer) for answer in fields.objects("answers")),
        pairs=_pairs(fields),
        explanation=fields.text("explanation"),
        sources=fields.texts("sources"),
        competencies=fields.texts("competencies"),
        tags=fields.texts("tags"),
        difficulty=fields.word("difficulty", levels, "easy") if has_level else None,
        use=fields.word("use", uses, "exam"),
        body=fields.text("body"),
        name=fields.text("name"),
        category=fields.text("category"),
        doubt=fields.wholes("doubt", max(len(options), 1)),
        accepted=fields.texts("accepted"),
    )


def _option(fields: Fields) -> Option:
    fields.only(("text", "fraction", "feedback", "pinned"))
    fields.require("text")
    return Option(
        text=fields.text("text"),
        fraction=fields.number("fraction", -1, 1),
        feedback=fields.text("feedback"),
        pinned=fields.flag("pinned"),
    )


def _key(fields: Fields, kind: Kind, options: tuple[Option, ...]) -> KeyState:
    """The key's state, which agrees with the fractions; where it is not said, they show it."""
    states: tuple[KeyState, ...] = get_args(KeyState)
    fractions = [option.fraction for option in options]
    if kind not in CHOICE:
        usual: KeyState = "missing" if kind in _UNSCORED else "given"
        return fields.word("key", states, usual)
    is_keyed = any(fraction is not None for fraction in fractions)
    shown: KeyState = "given" if is_keyed else "missing"
    key = fields.word("key", states, shown)
    if key == "given" and None in fractions:
        fields.note("key", '"missing" | "doubtful"')
    elif key != "given" and is_keyed:
        fields.note("key", '"given"')
    return key


def _answer(fields: Fields) -> Answer:
    """An answer, in one of its three forms."""
    fields.only(_OF_ANSWER)
    low, high = fields.number("low"), fields.number("high")
    forms = [
        "text" in fields.values,
        fields.values.get("value") is not None,
        low is not None and high is not None and low <= high,
    ]
    if sum(forms) != 1 or (low is None) != (high is None):
        fields.note("text", "text | value, tolerance | low, high")
    fraction = fields.number("fraction", -1, 1)
    return Answer(
        text=fields.text("text") if forms[0] else None,
        value=fields.number("value"),
        tolerance=fields.number("tolerance", 0, _MANY),
        low=low,
        high=high,
        fraction=1.0 if fraction is None else fraction,
        feedback=fields.text("feedback"),
    )


def _pairs(fields: Fields) -> tuple[tuple[str, str], ...]:
    value = fields.values.get("pairs", [])
    found: list[tuple[str, str]] = []
    for pair in value if isinstance(value, list) else [value]:
        match pair:
            case [str(left), str(right)]:
                found.append((normalise(left), normalise(right)))
            case _:
                fields.note("pairs", "[string, string][]")
                return ()
    return tuple(found)


def id_of(fields: Fields) -> str:
    """The id that is given, if it can be one."""
    given = fields.text("id")
    if given and not is_id(given):
        fields.say(Note(fields.at("id"), "id-invalid", {"id": given[:80]}))
    return given
