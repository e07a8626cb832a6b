"""The rules that a quiz chooses among, and the codes by which pages explain them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any, Literal, Self, get_args

from quizapp.items.kinds import SCORABLE

Multiple = Literal["balanced", "all_or_nothing", "capped"]
Ordering = Literal["exact", "adjacent"]
Matching = Literal["share", "all_or_nothing"]

_CHOICES: dict[str, tuple[object, ...]] = {
    "multiple": get_args(Multiple),
    "ordering": get_args(Ordering),
    "matching": get_args(Matching),
    "accents": (False, True),
    "case": (False, True),
    "spelling": (False, True),
}


@dataclass(frozen=True)
class Policy:
    """How a quiz turns responses into fractions.

    Of a short answer, `accents` and `case` say whether these must match, `spelling` whether one
    typing slip is forgiven.
    """

    multiple: Multiple = "balanced"
    ordering: Ordering = "exact"
    matching: Matching = "share"
    accents: bool = False
    case: bool = False
    spelling: bool = False

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The policy that `to_json` gave. Names that are missing have their default, others are
        not looked at; raises ValueError for a value that is no choice.
        """
        known = {name: value for name, value in values.items() if name in _CHOICES}
        for name, value in known.items():
            # By type too: 1 is no True.
            if not any(type(value) is type(one) and value == one for one in _CHOICES[name]):
                raise ValueError(f"no such choice of {name}: {value!r}")
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """Plain names and values, all of them: a later default changes no policy kept."""
        return asdict(self)


def explain(kind: str, policy: Policy) -> str:
    """The code of the rule that an item of this kind is scored by: one of EXPLANATIONS.

    Raises ValueError for a kind that is not scored.
    """
    if kind not in SCORABLE:
        raise ValueError(f"{kind} items are not scored")
    match kind:
        case "single" | "true_false":
            return "single"
        case "multiple" | "ordering" | "matching":
            return f"{kind}-{getattr(policy, kind)}".replace("_", "-")
        case "short_answer":
            return _short_answer(policy.accents, policy.case, policy.spelling)
        case _:
            return kind


def _short_answer(*strict: bool) -> str:
    names = ("accents", "case", "spelling")
    return "-".join(["short-answer", *(n for n, is_on in zip(names, strict, strict=True) if is_on)])


EXPLANATIONS: tuple[str, ...] = (
    "single",
    "multiple-balanced",
    "multiple-all-or-nothing",
    "multiple-capped",
    "ordering-exact",
    "ordering-adjacent",
    "matching-share",
    "matching-all-or-nothing",
    *(_short_answer(*strict) for strict in product((False, True), repeat=3)),
    "numeric",
)
