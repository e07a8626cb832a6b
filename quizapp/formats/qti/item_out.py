"""An item of ours as an assessmentItem of QTI 2.1."""

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent

from quizapp.formats.fragments import from_html
from quizapp.formats.model import Answer, Item, Option
from quizapp.formats.qti.findings import digest
from quizapp.formats.qti.markup import GAP, html_of, html_of_body
from quizapp.formats.qti.metadata import OURS
from quizapp.formats.qti.processing_out import (
    RESPONSE,
    branches,
    compared,
    holds,
    score_by_mapping,
    score_by_match,
    template,
)
from quizapp.formats.qti.xhtml import fill
from quizapp.formats.render import render, render_inline
from quizapp.formats.text import fold
from quizapp.items.kinds import CHOICE

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_SCHEMA = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_GAPS = re.compile("_{5,}")


def identifier(item: Item) -> str:
    """The item's id as an XML name: one that begins with a digit has a `_` in front."""
    return item.id if item.id[:1].isalpha() else f"_{item.id}"


def root_of(tag: str) -> Element:
    """The outermost element of a file of QTI 2.1."""
    location = f"{NAMESPACE} {_SCHEMA}"
    return Element(tag, {"xmlns": NAMESPACE, "xmlns:xsi": _XSI, "xsi:schemaLocation": location})


class ItemWriter:
    """Writes one item; `texts` are those whose Markdown the HTML alone would not give back."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.texts: dict[str, str] = {}
        self.root = root_of("assessmentItem")
        self.body = Element("itemBody")
        self.feedback: list[tuple[str, str]] = []
        self._fills: list[tuple[Element, str]] = []

    def write(self) -> Element:
        """The element, its texts filled in."""
        item = self.item
        self.root.attrib |= {
            "identifier": identifier(item),
            "title": item.name or identifier(item),
            "adaptive": "false",
            "timeDependent": "false",
            "toolName": OURS,
        }
        stem = SubElement(self.body, "div")
        processing = self._interaction()
        self._outcomes()
        self.root.append(self.body)
        if processing is not None:
            self.root.append(processing)
        self._modal_feedback()
        indent(self.root)
        for element, markdown in self._fills:
            fill(element, render_inline(markdown))
            self._remember(html_of(element), markdown)
        fill(stem, render(item.stem))
        if item.kind in ("short_answer", "numeric"):
            _place_entry(self.body, stem)
        self._remember(html_of_body(self.body), item.stem)
        return self.root

    def _remember(self, html: str, markdown: str) -> None:
        """Keep the Markdown of a text that reads back to another one."""
        if markdown and from_html(html) != markdown:
            self.texts[digest(html)] = markdown

    def _fill(self, element: Element, markdown: str) -> Element:
        self._fills.append((element, markdown))
        return element

    def _interaction(self) -> Element | None:
        """Add declaration and interaction; the rules that score the response."""
        item = self.item
        if item.kind in CHOICE:
            return self._choice()
        match item.kind:
            case "ordering":
                return self._ordering()
            case "matching":
                return self._matching()
            case "short_answer" | "numeric":
                return self._entry()
            case "essay":
                texts = [answer.text or "" for answer in item.answers]
                self._declare("single" if len(texts) < 2 else "multiple", "string", texts)
                SubElement(self.body, "extendedTextInteraction", _response())
        return None

    def _declare(
        self,
        cardinality: str,
        base_type: str,
        correct: Sequence[str],
        points: Iterable[tuple[str, float]] = (),
        **attributes: str,
    ) -> None:
        declaration = SubElement(
            self.root,
            "responseDeclaration",
            {**RESPONSE, "cardinality": cardinality, "baseType": base_type},
        )
        if correct:
            response = SubElement(declaration, "correctResponse")
            for value in correct:
                SubElement(response, "value").text = value
        entries = dict(points)
        if entries:
            mapping = SubElement(
                declaration, "mapping", {"lowerBound": "0", "upperBound": "1", "defaultValue": "0"}
            )
            for key, point in entries.items():
                values = {"mapKey": key, "mappedValue": repr(point), **attributes}
                SubElement(mapping, "mapEntry", values)

    def _choice(self) -> Element | None:
        item = self.item
        several = item.kind == "multiple"
        ids = _ids("o", item.options)
        fractions = [option.fraction or 0.0 for option in item.options]
        least = 1e-9 if several else max([*fractions, 1e-9])
        right = [name for name, part in zip(ids, fractions, strict=True) if part >= least]
        is_mapped = several or sorted(fractions) != [*[0.0] * (len(ids) - 1), 1.0]
        points = zip(ids, fractions, strict=True) if is_mapped and right else ()
        cardinality = "multiple" if several else "single"
        self._declare(cardinality, "identifier", right if several else right[:1], points)
        interaction = SubElement(
            self.body,
            "choiceInteraction",
            {**_response(), "shuffle": "true", "maxChoices": "0" if several else "1"},
        )
        self._options(interaction, ids)
        said = [(i, o.feedback) for i, o in zip(ids, item.options, strict=True) if o.feedback]
        self.feedback += said
        rules = Element("responseProcessing")
        if not said:
            return template("map_response" if is_mapped else "match_correct") if right else None
        if right:
            rules.append(score_by_mapping() if is_mapped else score_by_match())
        outcome = SubElement(rules, "setOutcomeValue", {"identifier": "FEEDBACK"})
        SubElement(outcome, "variable", RESPONSE)
        return rules

    def _options(self, interaction: Element, ids: Sequence[str]) -> None:
        for name, option in zip(ids, self.item.options, strict=True):
            attributes = {"identifier": name} | ({"fixed": "true"} if option.pinned else {})
            self._fill(SubElement(interaction, "simpleChoice", attributes), option.text)

    def _ordering(self) -> Element | None:
        ids = _ids("o", self.item.options)
        is_keyed = self.item.key == "given"
        self._declare("ordered", "identifier", ids if is_keyed else ())
        attributes = {**_response(), "shuffle": "true"}
        self._options(SubElement(self.body, "orderInteraction", attributes), ids)
        return template("match_correct") if is_keyed else None

    def _matching(self) -> Element:
        pairs = self.item.pairs
        rights = {
            text: f"r{number}" for number, text in enumerate(dict.fromkeys(r for _, r in pairs), 1)
        }
        lefts = [(f"l{number}", pair) for number, pair in enumerate((p for p in pairs if p[0]), 1)]
        values = [f"{name} {rights[right]}" for name, (_, right) in lefts]
        points = ((value, 1 / len(lefts)) for value in values)
        self._declare("multiple", "directedPair", values, points)
        attributes = {**_response(), "shuffle": "true", "maxAssociations": str(len(lefts))}
        interaction = SubElement(self.body, "matchInteraction", attributes)
        first, second = (SubElement(interaction, "simpleMatchSet") for _ in range(2))
        sides = [(first, name, left, "1") for name, (left, _) in lefts]
        sides += [(second, name, right, "0") for right, name in rights.items()]
        for side, name, text, most in sides:
            choice = {"identifier": name, "matchMax": most}
            self._fill(SubElement(side, "simpleAssociableChoice", choice), text)
        return template("map_response")

    def _entry(self) -> Element:
        answers = self.item.answers
        best = max(answers, key=lambda answer: answer.fraction)
        SubElement(SubElement(self.body, "p"), "textEntryInteraction", _response())
        names = _ids("a", answers)
        said = [(n, a.feedback) for n, a in zip(names, answers, strict=True) if a.feedback]
        self.feedback += said
        rules = Element("responseProcessing")
        if self.item.kind == "numeric":
            self._declare("single", "float", [repr(_number(best))])
            rules.append(branches((holds(a), a, n) for n, a in zip(names, answers, strict=True)))
            return rules
        texts = [answer.text or "" for answer in answers]
        alike = len({fold(text) for text in texts}) < len(texts)
        case = {"caseSensitive": "true" if alike else "false"}
        points = zip(texts, (answer.fraction for answer in answers), strict=True)
        self._declare("single", "string", [best.text or ""], points, **case)
        if not said:
            return template("map_response")
        rules.append(score_by_mapping())
        rules.append(
            branches(
                (compared("stringMatch", "string", a.text or "", **case), None, n)
                for n, a in zip(names, answers, strict=True)
                if a.feedback
            )
        )
        return rules

    def _outcomes(self) -> None:
        score = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
        default = SubElement(SubElement(self.root, "outcomeDeclaration", score), "defaultValue")
        SubElement(default, "value").text = "0"
        cardinality = "multiple" if self.item.kind == "multiple" else "single"
        for name, is_used, value in (
            ("FEEDBACK", bool(self.feedback), ""),
            ("EXPLANATION", bool(self.item.explanation), "explanation"),
        ):
            if not is_used:
                continue
            attributes = {"identifier": name, "baseType": "identifier"}
            attributes["cardinality"] = "single" if value else cardinality
            outcome = SubElement(self.root, "outcomeDeclaration", attributes)
            if value:
                SubElement(SubElement(outcome, "defaultValue"), "value").text = value

    def _modal_feedback(self) -> None:
        said = [("FEEDBACK", name, text) for name, text in self.feedback]
        if self.item.explanation:
            said.append(("EXPLANATION", "explanation", self.item.explanation))
        for outcome, name, text in said:
            attributes = {"outcomeIdentifier": outcome, "identifier": name, "showHide": "show"}
            self._fill(SubElement(self.root, "modalFeedback", attributes), text)


def _response() -> dict[str, str]:
    return {"responseIdentifier": "RESPONSE"}


def _ids(letter: str, parts: Sequence[Option] | Sequence[Answer]) -> list[str]:
    return [f"{letter}{number}" for number in range(1, len(parts) + 1)]


def _number(answer: Answer) -> float:
    """A number that is accepted."""
    return next(n for n in (answer.value, answer.low, 0.0) if n is not None)


def _place_entry(body: Element, stem: Element) -> None:
    """Move the text entry from below the stem to the gap in it, if there is one."""
    gaps = [
        (parent, place, owner)
        for parent in stem.iter()
        for place, owner in [(0, parent), *enumerate(parent, start=1)]
        if GAP in ((owner.text if owner is parent else owner.tail) or "")
    ]
    if len(gaps) != 1:
        return
    parent, place, owner = gaps[0]
    text = (owner.text if owner is parent else owner.tail) or ""
    before, *after = _GAPS.split(text)
    if len(after) != 1:
        return
    entry = Element("textEntryInteraction", _response())
    entry.tail = after[0]
    if owner is parent:
        owner.text = before
    else:
        owner.tail = before
    parent.insert(place, entry)
    body.remove(body[-1])
