"""The response processing of QTI 2 and 3, run for one response at a time.

Instead of guessing what rules mean, we answer as a person could and look at what comes out. Of
the language, that is served which authoring tools write; anything else is Unclear.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from quizapp.formats.qti.declarations import Declaration, declared, defaults
from quizapp.formats.qti.findings import Findings, Unclear
from quizapp.formats.qti.metadata import OURS
from quizapp.formats.qti.tree import number_of, text_of, within

# A value is a container of texts, empty for null; a truth is one too: ("true",).
Value = tuple[str, ...]
_TRUE: Value = ("true",)
_FALSE: Value = ("false",)

# Longer containers are made by rules that double them.
_MAX_VALUES = 200
_TEMPLATES = ("match_correct", "map_response")
_CHANGES = frozenset({"setOutcomeValue", "lookupOutcomeValue"})
_BRANCHES = frozenset({"responseIf", "responseElseIf", "responseElse"})


class Exit(Exception):
    """The rules say that they end here."""


class Processing:
    """The rules of one item."""

    def __init__(self, item: Element, findings: Findings) -> None:
        self.findings = findings
        self.is_ours = item.get("toolName") == OURS
        self.element = item.find("responseProcessing")
        self.declarations = declared(item)
        self.defaults = defaults(item)
        address = self.element.get("template", "") if self.element is not None else ""
        last = address.rpartition("/")[2].removesuffix(".xml")
        self.template = next((name for name in _TEMPLATES if last == name), "")
        self.responses: dict[str, Value] = {}
        self.outcomes: dict[str, Value] = {}

    @property
    def is_custom(self) -> bool:
        """Whether the item brings rules of its own."""
        return self.element is not None and len(self.element) > 0

    @property
    def maps(self) -> bool:
        """Whether the score is the sum of what the mapping gives."""
        rules = list(self.element) if self.element is not None else []
        scores = [rule for rule in rules if rule.get("identifier") == "SCORE"]
        return len(scores) == 1 and [part.tag for part in scores[0]] == ["mapResponse"]

    def changed(self) -> set[str]:
        """The outcomes that some rule sets."""
        rules = within(self.element, *_CHANGES) if self.element is not None else ()
        return {rule.get("identifier", "") for rule in rules}

    def run(self, response_id: str, values: Sequence[str]) -> dict[str, Value]:
        """The outcomes for a response; Unclear where a rule is not served."""
        self.responses = {response_id: tuple(values)}
        self.outcomes = {**self.defaults, "completionStatus": ("unknown",)}
        try:
            self._rules(self.element if self.element is not None else ())
        except Exit:
            pass
        return self.outcomes

    def _rules(self, rules: Element | Sequence[Element]) -> None:
        for rule in rules:
            self.findings.step()
            match rule.tag:
                case "responseCondition":
                    self._condition(rule)
                case "setOutcomeValue" if len(rule) == 1:
                    self.outcomes[rule.get("identifier", "")] = self._value(rule[0])
                case "responseProcessingFragment":
                    self._rules(rule)
                case "exitResponse":
                    raise Exit
                case _:
                    raise Unclear

    def _condition(self, condition: Element) -> None:
        for branch in condition:
            if branch.tag not in _BRANCHES:
                raise Unclear
            if branch.tag == "responseElse":
                return self._rules(branch)
            if len(branch) and self._value(branch[0]) == _TRUE:
                return self._rules(branch[1:])
        return None

    def _value(self, expression: Element) -> Value:
        self.findings.step()
        name = str(expression.tag)
        match name:
            case "variable":
                return self._variable(expression.get("identifier", ""))
            case "correct":
                return self._declaration(expression).correct
            case "default":
                return self.defaults.get(expression.get("identifier", ""), ())
            case "baseValue":
                return (text_of(expression),)
            case "null":
                return ()
            case "mapResponse":
                return (str(self._mapped(expression)),)
        operator = _OPERATORS.get(name)
        if operator is None:
            raise Unclear
        parts = [self._value(part) for part in expression]
        if name == "match" and self._is_ordered(expression):
            return _truth(parts[0] == parts[-1])
        try:
            result = operator(expression, parts)
        except (IndexError, ValueError):  # not as many parts as the operator takes
            raise Unclear from None
        self.findings.step(len(result))
        if len(result) > _MAX_VALUES:
            raise Unclear
        return result

    def _variable(self, name: str) -> Value:
        return self.outcomes[name] if name in self.outcomes else self.responses.get(name, ())

    def _declaration(self, expression: Element) -> Declaration:
        found = self.declarations.get(expression.get("identifier", ""))
        if found is None:
            raise Unclear
        return found

    def _mapped(self, expression: Element) -> float:
        declaration = self._declaration(expression)
        return sum(declaration.points(value) for value in set(self._variable(declaration.id)))

    def _is_ordered(self, expression: Element) -> bool:
        names = {part.get("identifier", "") for part in expression}
        return len(expression) == 2 and any(
            self.declarations[name].cardinality == "ordered" for name in names & set(self.responses)
        )


def _truth(value: bool) -> Value:
    return _TRUE if value else _FALSE


def _number(value: Value) -> float:
    found = number_of(value[0]) if len(value) == 1 else None
    if found is None:
        raise Unclear
    return found


def _compared(test: Callable[[float, float], bool]) -> "_Operator":
    def compare(_: Element, parts: list[Value]) -> Value:
        first, second = parts
        if not first or not second:
            return ()
        return _truth(test(_number(first), _number(second)))

    return compare


def _match(_: Element, parts: list[Value]) -> Value:
    first, second = parts
    if not first or not second:
        return ()
    if Counter(first) == Counter(second):
        return _TRUE
    numbers = [number_of(value[0]) if len(value) == 1 else None for value in parts]
    return _truth(numbers[0] is not None and numbers[0] == numbers[1])


def _string_match(expression: Element, parts: list[Value]) -> Value:
    first, second = parts
    if expression.get("caseSensitive", "true") == "false":
        first, second = tuple(map(str.casefold, first)), tuple(map(str.casefold, second))
    if expression.get("substring", "false") == "true":
        raise Unclear
    return _truth(first == second) if first and second else ()


def _equal(expression: Element, parts: list[Value]) -> Value:
    first, second = parts
    if not first or not second:
        return ()
    below, above = tolerance(expression, _number(first))
    return _truth(_number(first) - below <= _number(second) <= _number(first) + above)


def tolerance(expression: Element, value: float) -> tuple[float, float]:
    """How far below and above a value an `equal` reaches."""
    mode = expression.get("toleranceMode", "exact")
    found = [number_of(part) for part in expression.get("tolerance", "0").split()]
    if mode == "exact" or not found or None in found:
        return 0.0, 0.0
    below, above = float(found[0] or 0), float(found[-1] or 0)
    if mode == "relative":
        return abs(value) * below / 100, abs(value) * above / 100
    return below, above


def _arithmetic(total: Callable[[Sequence[float]], float]) -> "_Operator":
    def compute(_: Element, parts: list[Value]) -> Value:
        if any(not part for part in parts):
            return ()
        return (str(total([_number((value,)) for part in parts for value in part])),)

    return compute


def _product(numbers: Sequence[float]) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result


_Operator = Callable[[Element, list[Value]], Value]
_OPERATORS: dict[str, _Operator] = {
    "and": lambda _, parts: _truth(all(part == _TRUE for part in parts)),
    "or": lambda _, parts: _truth(_TRUE in parts),
    "not": lambda _, parts: _truth(parts[0] == _FALSE) if parts[0] else (),
    "isNull": lambda _, parts: _truth(parts[0] in ((), ("",))),
    "match": _match,
    "stringMatch": _string_match,
    "equal": _equal,
    "gt": _compared(lambda a, b: a > b),
    "gte": _compared(lambda a, b: a >= b),
    "lt": _compared(lambda a, b: a < b),
    "lte": _compared(lambda a, b: a <= b),
    "member": lambda _, parts: _truth(parts[0][0] in parts[1]) if parts[0] else (),
    "contains": lambda _, parts: _truth(not Counter(parts[1]) - Counter(parts[0])),
    "containerSize": lambda _, parts: (str(len(parts[0])),),
    "multiple": lambda _, parts: tuple(value for part in parts for value in part),
    "ordered": lambda _, parts: tuple(value for part in parts for value in part),
    "sum": _arithmetic(sum),
    "product": _arithmetic(_product),
    "subtract": _arithmetic(lambda numbers: numbers[0] - sum(numbers[1:])),
    "min": _arithmetic(min),
    "max": _arithmetic(max),
}
