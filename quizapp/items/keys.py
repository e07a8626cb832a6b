"""What a key says, whatever its shape: a key that accepts several has each as an alternative.

"Accept both" makes `{"alternatives": [key, key, …]}` of a key; the best of them counts.
"""

from collections.abc import Mapping
from typing import Any

Value = Mapping[str, Any]


def alternatives(key: Value) -> tuple[Value, ...]:
    """The keys that are accepted, the first one first; most often only one."""
    return tuple(key.get("alternatives", (key,)))


def accepting(keys: tuple[Value, ...]) -> dict[str, Any]:
    """One key that accepts all of these, each once; a single one as it is.

    Raises ValueError for none.
    """
    found: list[Value] = []
    for one in (one for key in keys for one in alternatives(key)):
        if one not in found:
            found.append(one)
    if not found:
        raise ValueError("a key accepts something")
    return dict(found[0]) if len(found) == 1 else {"alternatives": found}


def accepts(key: Value, other: Value) -> bool:
    """Whether a key is another one, or accepts it beside others."""
    return all(one in alternatives(key) for one in alternatives(other))


def partners(key: Value, left: int) -> tuple[int, ...]:
    """The right sides that some accepted key has for a left side of a matching item, each once."""
    return tuple(dict.fromkeys(one["matches"][left] for one in alternatives(key)))


def right_options(key: Value) -> frozenset[int]:
    """The options of a choice item that some accepted key has right, in source order."""
    return frozenset(
        option
        for one in alternatives(key)
        for option, fraction in enumerate(one.get("fractions", ()))
        if fraction > 0
    )
