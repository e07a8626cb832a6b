"""What a QTI 2 or 3 item declares: the right response, and points for single values."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from quizapp.formats.qti.tree import children, number_of, text_of

_NUMBERS = frozenset({"float", "integer"})


@dataclass(frozen=True)
class Declaration:
    """A response's declaration; `mapping` has the points of values, `default` of all others."""

    id: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...]
    mapping: dict[str, float] = field(default_factory=dict)
    default: float = 0.0

    @property
    def is_number(self) -> bool:
        """Whether the response is a number."""
        return self.base_type in _NUMBERS

    def points(self, value: str) -> float:
        """What the mapping gives for a value."""
        return self.mapping.get(value, self.default)


def declared(item: Element) -> dict[str, Declaration]:
    """The responses of an item by their identifiers."""
    found = map(_declaration, children(item, "responseDeclaration"))
    return {declaration.id: declaration for declaration in found}


def _declaration(element: Element) -> Declaration:
    mapping = element.find("mapping")
    entries = {
        entry.get("mapKey", ""): number_of(entry.get("mappedValue")) or 0.0
        for entry in children(mapping, "mapEntry")
    }
    return Declaration(
        id=element.get("identifier", ""),
        cardinality=element.get("cardinality", "single"),
        base_type=element.get("baseType", ""),
        correct=values_of(element.find("correctResponse")),
        mapping=entries,
        default=(number_of(mapping.get("defaultValue")) or 0.0) if mapping is not None else 0.0,
    )


def values_of(element: Element | None) -> tuple[str, ...]:
    """The texts of the `value` elements in an element."""
    return tuple(text_of(value) for value in children(element, "value"))


def defaults(item: Element) -> dict[str, tuple[str, ...]]:
    """The values that the outcomes of an item begin with."""
    return {
        outcome.get("identifier", ""): values_of(outcome.find("defaultValue"))
        for outcome in children(item, "outcomeDeclaration")
    }
