"""The rules of QTI 2.1 that score a response and choose its feedback."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from quizapp.formats.model import Answer

RESPONSE = {"identifier": "RESPONSE"}
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"


def template(name: str) -> Element:
    """One of the standard rules by its name."""
    return Element("responseProcessing", {"template": _TEMPLATES + name})


def score_by_mapping() -> Element:
    """The score is what the mapping gives."""
    rule = Element("setOutcomeValue", {"identifier": "SCORE"})
    SubElement(rule, "mapResponse", RESPONSE)
    return rule


def score_by_match() -> Element:
    """The score is 1 for the right response."""
    rule = Element("responseCondition")
    branch = SubElement(rule, "responseIf")
    match = SubElement(branch, "match")
    SubElement(match, "variable", RESPONSE)
    SubElement(match, "correct", RESPONSE)
    branch.append(_outcome("SCORE", "float", "1"))
    return rule


def _outcome(name: str, base_type: str, value: str) -> Element:
    rule = Element("setOutcomeValue", {"identifier": name})
    SubElement(rule, "baseValue", {"baseType": base_type}).text = value
    return rule


def branches(parts: Iterable[tuple[Element, Answer | None, str]]) -> Element:
    """One condition after the other: what each holds for brings its points and feedback."""
    rule = Element("responseCondition")
    for condition, answer, name in parts:
        branch = SubElement(rule, "responseElseIf" if len(rule) else "responseIf")
        branch.append(condition)
        if answer:
            branch.append(_outcome("SCORE", "float", repr(answer.fraction)))
        if not answer or answer.feedback:
            branch.append(_outcome("FEEDBACK", "identifier", name))
    return rule


def compared(tag: str, base_type: str, value: str, **attributes: str) -> Element:
    """The response compared with a value."""
    condition = Element(tag, attributes)
    SubElement(condition, "variable", RESPONSE)
    SubElement(condition, "baseValue", {"baseType": base_type}).text = value
    return condition


def holds(answer: Answer) -> Element:
    """The condition that a number is the answer."""
    if answer.value is None:
        condition = Element("and")
        condition.append(compared("gte", "float", repr(answer.low)))
        condition.append(compared("lte", "float", repr(answer.high)))
        return condition
    if not answer.tolerance:
        return compared("equal", "float", repr(answer.value), toleranceMode="exact")
    around = f"{answer.tolerance!r} {answer.tolerance!r}"
    value = repr(answer.value)
    return compared("equal", "float", value, toleranceMode="absolute", tolerance=around)
