"""Who answers what: a simple model of people and items.

A person of ability t knows an item with the probability c + (1 - c) / (1 + exp(-a (t - b))), the
three-parameter logistic model (Birnbaum 1968): b is how hard the item is, a how well it tells
people apart, c what is guessed.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = dict[str, Any]

WRONG_TEXTS = ("não sei", "depende", "chamado", "protocolo", "o supervisor")
# Of what a person chooses who does not know: by the option's place among the wrong ones.
PULL = (5.0, 3.0, 2.0, 1.0)


@dataclass(frozen=True)
class Temper:
    """How an item behaves: `hardness`, `slope`, `guess` as above, `seconds` that it takes.

    `believed` is what those who know answer: the key, save where the key is wrong. `pull` is how
    much each option draws those who do not know; nobody chooses what has none.
    """

    hardness: float
    slope: float
    guess: float
    seconds: float
    believed: Value
    pull: tuple[float, ...] = ()

    def knows(self, ability: float) -> float:
        """With which probability a person of this ability answers as those who know."""
        known = 1 / (1 + math.exp(-self.slope * (ability - self.hardness)))
        return self.guess + (1 - self.guess) * known


def right(kind: str, key: Mapping[str, Any]) -> Value:
    """The response that a key has fully right."""
    match kind:
        case "ordering":
            return {"positions": list(range(1, key["size"] + 1))}
        case "matching":
            return {"matches": list(key["matches"])}
        case "short_answer":
            return {"text": str(key["answers"][0]["text"])}
        case "numeric":
            answer = key["answers"][0]
            return {"text": f"{(answer['low'] + answer['high']) / 2:g}".replace(".", ",")}
        case _:
            return {"selected": [i for i, part in enumerate(key["fractions"]) if part > 0]}


def wrong(kind: str, temper: Temper, chance: random.Random, cap: int | None) -> Value:
    """What somebody answers who does not know; several may be partly right."""
    believed = temper.believed
    match kind:
        case "ordering":
            return {"positions": _swapped(believed["positions"], chance)}
        case "matching":
            return {"matches": _swapped(believed["matches"], chance)}
        case "short_answer":
            return {"text": chance.choice(WRONG_TEXTS)}
        case "numeric":
            near = float(believed["text"].replace(",", ".")) * chance.choice(
                (0.1, 0.5, 0.8, 1.3, 2)
            )
            return {"text": f"{near:.1f}".replace(".", ",")}
        case "multiple":
            return {"selected": _some(believed["selected"], temper.pull, chance, cap)}
        case _:
            places = range(len(temper.pull))
            return {"selected": chance.choices(places, temper.pull)}


def _swapped(places: Sequence[int], chance: random.Random) -> list[int]:
    mixed = list(places)
    for _ in range(chance.choice((1, 1, 2))):
        i = chance.randrange(len(mixed) - 1)
        mixed[i], mixed[i + 1] = mixed[i + 1], mixed[i]
    return mixed


def _some(
    keys: Sequence[int], pull: Sequence[float], chance: random.Random, cap: int | None
) -> list[int]:
    """Some of the keys and some of the rest, never the keys alone, at least one."""
    others = [i for i, weight in enumerate(pull) if weight and i not in keys]
    kept = [i for i in keys if chance.random() < 0.7]
    added = [i for i in others if chance.random() < 0.2]
    if kept == list(keys) and not added:
        kept = kept[:-1]
    return sorted((kept + added)[:cap] or [chance.choice(others or list(keys)[:1])])
