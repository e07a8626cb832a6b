"""The response processing of QTI 1.2: which responses bring points, and what is said of them.

Sets of options are whole numbers with a bit for each, so that a condition is worked out for all
options at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizapp.formats.model import Answer
from quizapp.formats.qti.findings import Findings, Unclear
from quizapp.formats.qti.tree import children, number_of, text_of, within

# Brightspace counts right and wrong choices apart.
_SCORES = ("SCORE", "D2L_CORRECT")
_BOUNDS = {"vargte": "low", "vargt": "low", "varlte": "high", "varlt": "high"}


@dataclass(frozen=True)
class Rule:
    """A condition, the points it brings (None where it is about feedback), what is shown then."""

    condition: Element
    points: float | None
    is_set: bool
    shown: tuple[str, ...]
    goes_on: bool


def rules_of(item: Element) -> list[Rule]:
    """The rules of an item; one without a condition is left away."""
    settings = list(within(item, "setvar"))
    names = {_name(setting) for setting in settings}
    score = next((name for name in _SCORES if name in names), "")
    if not score and len(names) == 1:
        score = names.pop()
    most = next((number_of(outcome.get("maxvalue")) for outcome in within(item, "decvar")), None)
    found = []
    for element in within(item, "respcondition"):
        condition = element.find("conditionvar")
        if condition is None:
            continue
        points, is_set = None, True
        for setting in children(element, "setvar"):
            if _name(setting) == score:
                points = _points(setting, most)
                is_set = setting.get("action", "Set").casefold() == "set"
        links = (link.get("linkrefid", "") for link in children(element, "displayfeedback"))
        goes_on = element.get("continue", "Yes").casefold() != "no"
        found.append(Rule(condition, points, is_set, tuple(links), goes_on))
    return found


def _name(setting: Element) -> str:
    return (setting.get("varname") or setting.get("variablename") or "SCORE").upper()


def _points(setting: Element, most: float | None) -> float | None:
    text = text_of(setting)
    # Blackboard writes "SCORE.max" for all there is to gain.
    value = (most or 100.0) if text.casefold().endswith(".max") else number_of(text)
    is_less = setting.get("action", "").casefold() == "subtract"
    return -value if is_less and value is not None else value


def alone(
    rules: Sequence[Rule], ident: str, ids: Sequence[str], findings: Findings
) -> list[tuple[float, list[str]]]:
    """For each option, chosen alone: its points, and the feedback shown. May raise Unclear."""
    masks = _Masks(ident, ids)
    active = masks.all
    points = [0.0] * len(ids)
    shown: list[list[str]] = [[] for _ in ids]
    for rule in rules:
        holds = masks.of(rule.condition) & active
        findings.step(holds.bit_count() * (1 + len(rule.shown)))
        for place in _places(holds):
            if rule.points is not None:
                points[place] = _after(rule, points[place], masks)
            shown[place] += rule.shown
        if rule.points is not None:
            masks.others &= ~holds
        if not rule.goes_on:
            active &= ~holds
    return list(zip(points, shown, strict=True))


def _after(rule: Rule, before: float, masks: "_Masks") -> float:
    """The points after a rule; one that names an option itself only adds its feedback."""
    points = rule.points or 0.0
    nodes = within(rule.condition, "varequal")
    if any(node.get("respident", "") in masks.bits for node in nodes):
        return max(before, points)
    return points if rule.is_set else before + points


def _places(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class _Masks:
    """For which options, chosen alone, a condition holds."""

    def __init__(self, ident: str, ids: Sequence[str]) -> None:
        self.ident = ident
        self.bits = {value: 1 << place for place, value in enumerate(ids)}
        self.all = (1 << len(ids)) - 1
        # Those for which no rule about points held so far.
        self.others = self.all

    def of(self, node: Element) -> int:
        """The options as bits."""
        match node.tag:
            case "varequal":
                return self._equal(node)
            case "and" | "conditionvar":
                return self._all_of(node)
            case "or":
                return self._any_of(node)
            case "not":
                return self.all & ~self._any_of(node)
            case "other":
                return self.others
            case "unanswered":
                return 0
        raise Unclear

    def _equal(self, node: Element) -> int:
        # Blackboard names the option itself where others name the response.
        bit = self.bits.get(node.get("respident", ""), 0)
        return bit or (self.bits.get(text_of(node), 0) if _is_of(node, self.ident) else 0)

    def _all_of(self, node: Element) -> int:
        parts = [self.of(part) for part in node]
        holds = self.all
        for part in parts:
            holds &= part
        # Two values of one response cannot both hold: what is meant is either.
        is_list = all(part.tag == "varequal" for part in node)
        return self._any_of(node) if not holds and is_list and parts else holds

    def _any_of(self, node: Element) -> int:
        holds = 0
        for part in node:
            holds |= self.of(part)
        return holds


def _is_of(node: Element, ident: str) -> bool:
    return node.get("respident", ident) == ident


def required(node: Element, ident: str) -> tuple[list[str], list[str]]:
    """The values that a condition demands, in order, and those that it forbids.

    Raises Unclear for alternatives and other conditions.
    """
    needs: list[str] = []
    bans: list[str] = []
    match node.tag:
        case "varequal":
            needs = [text_of(node)] if _is_of(node, ident) else []
        case "and" | "conditionvar":
            for part in node:
                more, less = required(part, ident)
                needs, bans = needs + more, bans + less
        case "or" if len(node) == 1:
            return required(node[0], ident)
        case "not":
            bans = [text_of(part) for part in within(node, "varequal") if _is_of(part, ident)]
        case "other" | "unanswered":
            pass
        case _:
            raise Unclear
    return needs, bans


def wanted(node: Element) -> Iterator[Element]:
    """The `varequal` of a condition that are not denied."""
    if node.tag == "varequal":
        yield node
    elif node.tag != "not":
        for part in node:
            yield from wanted(part)


def numbers(node: Element) -> list[Answer]:
    """The numbers and ranges for which a condition holds; raises Unclear for others."""
    if node.tag == "or":
        return _merged([answer for part in node for answer in numbers(part)])
    if node.tag == "varequal":
        value = number_of(text_of(node))
        if value is None:
            raise Unclear
        return [Answer(value=value, tolerance=0.0)]
    if node.tag not in ("and", "conditionvar"):
        raise Unclear
    bounds = {
        _BOUNDS[str(part.tag)]: number_of(text_of(part)) for part in node if part.tag in _BOUNDS
    }
    found = [answer for part in node if part.tag not in _BOUNDS for answer in numbers(part)]
    low, high = bounds.get("low"), bounds.get("high")
    if bounds and (low is None or high is None or low > high):
        raise Unclear
    return _merged([*found, Answer(low=low, high=high)] if bounds else found)


def _merged(answers: list[Answer]) -> list[Answer]:
    """A value and the range around it are one answer with a tolerance."""
    values = [answer for answer in answers if answer.value is not None]
    ranges = [answer for answer in answers if answer.value is None]
    if len(values) != 1 or len(ranges) != 1:
        return answers
    value, low, high = values[0].value, ranges[0].low, ranges[0].high
    if value is None or low is None or high is None:
        return answers
    below, above = round(value - low, 9), round(high - value, 9)
    return [Answer(value=value, tolerance=below)] if below == above >= 0 else ranges
