"""The accepted answers of a text entry in QTI 2 and 3: texts, or numbers and ranges."""

from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.formats.model import Answer
from quizapp.formats.qti.declarations import Declaration
from quizapp.formats.qti.findings import Unclear
from quizapp.formats.qti.processing import Processing, tolerance
from quizapp.formats.qti.tree import children, number_of, text_of, within

_LOW = frozenset({"gt", "gte"})
_HIGH = frozenset({"lt", "lte"})


def answers_of(processing: Processing, declaration: Declaration) -> tuple[Answer, ...]:
    """The answers, the best with fraction 1: of the rules, else the mapping, else as declared."""
    found: list[Answer] = []
    if processing.is_custom:
        try:
            found = _Branches(processing, declaration).read()
        except Unclear:
            found = []
    uses_mapping = processing.template == "map_response" or not declaration.correct
    if not found and declaration.mapping and (uses_mapping or processing.is_custom):
        found = [
            replace(answer, fraction=points)
            for text, points in declaration.mapping.items()
            if (answer := _answer(text, declaration.is_number))
        ]
    if not found:
        answers = (_answer(text, declaration.is_number) for text in declaration.correct)
        return tuple(answer for answer in answers if answer)
    most = max(answer.fraction for answer in found)
    if most <= 0:
        return ()
    whole = 1.0 if processing.is_ours else most
    shares = (min(max(answer.fraction / whole, -1.0), 1.0) + 0.0 for answer in found)
    return tuple(
        replace(answer, fraction=share) for answer, share in zip(found, shares, strict=True)
    )


def _answer(text: str, is_number: bool) -> Answer | None:
    if not is_number:
        return Answer(text=text) if text else None
    value = number_of(text)
    return None if value is None else Answer(value=value, tolerance=0.0)


class _Branches:
    """Rules of the form: if the response is this, the score is that."""

    def __init__(self, processing: Processing, declaration: Declaration) -> None:
        self.processing = processing
        self.declaration = declaration

    def read(self) -> list[Answer]:
        """The answers of all branches that set a score."""
        found = []
        for condition in children(self.processing.element, "responseCondition"):
            for branch in condition:
                score = self._score(branch)
                if score is not None and branch.tag != "responseElse":
                    found += [replace(answer, fraction=score) for answer in self._of(branch[0])]
        return found

    def _score(self, branch: Element) -> float | None:
        """The number that a branch itself gives as the score."""
        for rule in branch:
            if rule.tag == "responseCondition":
                raise Unclear
            if rule.tag == "setOutcomeValue" and rule.get("identifier") == "SCORE" and len(rule):
                value = rule[0]
                if value.tag == "baseValue":
                    return number_of(text_of(value))
                if value.tag == "variable":
                    default = self.processing.defaults.get(value.get("identifier", ""), ())
                    return number_of(" ".join(default))
                raise Unclear
        return None

    def _of(self, condition: Element) -> list[Answer]:
        """The answers for which a condition holds."""
        self.processing.findings.step()
        match condition.tag:
            case "or":
                return [answer for part in condition for answer in self._of(part)]
            case "and" if len(condition) == 1:
                return self._of(condition[0])
            case "and" if len(condition) == 2:
                return [self._range(*condition)]
            case "match" | "stringMatch" | "equal" if len(condition) == 2:
                return [self._equal(condition, text) for text in self._other(condition)]
            case "member" if len(condition) == 2:
                return [self._equal(condition, text) for text in self._other(condition)]
        raise Unclear

    def _other(self, condition: Element) -> tuple[str, ...]:
        """What the response is compared with."""
        for place in (0, 1):
            part, other = condition[place], condition[1 - place]
            if part.tag == "variable" and part.get("identifier") == self.declaration.id:
                match other.tag:
                    case "baseValue":
                        return (text_of(other),)
                    case "correct":
                        return self.declaration.correct
                    case "multiple":
                        return tuple(text_of(value) for value in within(other, "baseValue"))
        raise Unclear

    def _equal(self, condition: Element, text: str) -> Answer:
        answer = _answer(text, self.declaration.is_number)
        if answer is None or answer.value is None:
            if answer is None or condition.tag == "equal":
                raise Unclear
            return answer
        below, above = tolerance(condition, answer.value)
        if below == above:
            return replace(answer, tolerance=below)
        return Answer(low=answer.value - below, high=answer.value + above)

    def _range(self, first: Element, second: Element) -> Answer:
        if first.tag in _HIGH:
            first, second = second, first
        if first.tag not in _LOW or second.tag not in _HIGH:
            raise Unclear
        bounds = [
            number_of(part[1].text)
            for part in (first, second)
            if len(part) == 2 and part[0].get("identifier") == self.declaration.id
        ]
        if len(bounds) != 2 or bounds[0] is None or bounds[1] is None or bounds[0] > bounds[1]:
            raise Unclear
        return Answer(low=bounds[0], high=bounds[1])
