"""The items of QTI 1.2, as Canvas, Blackboard and others write them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.formats.model import Answer, Item, KeyState, Option
from quizapp.formats.qti.findings import Findings, NotServed, Unclear, Unkeyed
from quizapp.formats.qti.keys import (
    MAX_OPTIONS,
    Choice,
    Key,
    key_of_places,
    key_of_points,
    kind_of,
    options_of,
    without_blanks,
)
from quizapp.formats.qti.matching import Pairs, pairs_of_groups, pairs_of_lists
from quizapp.formats.qti.material import RESPONSES, html_of_material, label_of, name_of, rows_of
from quizapp.formats.qti.remarks import Remarks
from quizapp.formats.qti.rules import Rule, alone, numbers, required, rules_of, wanted
from quizapp.formats.qti.tree import is_broken, number_of, text_of, title_of, within
from quizapp.formats.safe_xml import line_of
from quizapp.items.kinds import Kind

# Words in what other systems call the kinds that cannot be scored here.
_NOT_SERVED = frozenset(
    {"calculated", "formula", "upload", "hot_spot", "hotspot", "categorization", "jumbled"}
    | {"quiz_bowl", "opinion", "likert", "stimulus", "blank_plus"}
)
_SHORT = ("short_answer", "fill", "numer", "fib")
_NUMBERS = frozenset({"decimal", "integer", "scientific"})
_TYPES = frozenset({"question_type", "bbmd_questiontype", "qmd_itemtype", "qmd_questiontype"})


def read_questestinterop(root: Element, findings: Findings) -> str:
    """Add the items of a file, its tree simplified, to what was found; the file's title."""
    for item, category in _items(root, ()):
        Reader(item, findings, category).read()
    holder = next(within(root, "assessment", "objectbank"), None)
    return name_of(holder) if holder is not None else ""


def _items(element: Element, titles: tuple[str, ...]) -> Iterator[tuple[Element, str]]:
    """The items with the titles of the sections that they stand in."""
    for child in element:
        if child.tag == "item":
            yield child, "/".join(titles)
        elif child.tag == "section":
            title = title_of(child)
            yield from _items(child, (*titles, title) if title else titles)
        else:
            yield from _items(child, titles)


class Reader:
    """Reads one item."""

    def __init__(self, element: Element, findings: Findings, category: str) -> None:
        self.element = element
        self.findings = findings
        self.category = category
        self.line = line_of(element)
        self.id = element.get("ident", "").strip()
        self.name = name_of(element)
        self.type = _type_of(element)
        self.presentation = element.find("presentation")
        self.rules = rules_of(element)
        self.remarks = Remarks(element, self.rules, findings, self.line)

    def read(self) -> None:
        """Read the item, or say what it is that cannot be read."""
        name = self.name or self.id
        if is_broken(self.element):
            return self.findings.leave_out(self.line, name, "XML")
        try:
            self._read()
        except NotServed as kind:
            self.findings.leave_out(self.line, name, self.type or str(kind))
        except Unkeyed:
            self.findings.leave_out_unkeyed(self.line, name, self.type or "response")

    def _read(self) -> None:
        presentation = self.presentation
        responses = [] if presentation is None else list(within(presentation, *RESPONSES))
        # Brightspace adds settings of its own beside each response.
        responses = [r for r in responses if r.tag != "response_extension"] or responses
        tags = [str(response.tag) for response in responses]
        if any(word in self.type for word in _NOT_SERVED):
            raise NotServed
        if not responses:
            return self.findings.warn(self.line, "qti-text-only", name=self.name or "–")
        readers: dict[str, Callable[[Element], None]] = {
            "response_lid": self._choice,
            "response_str": self._text,
            "response_num": self._text,
            "response_grp": self._groups,
        }
        if len(tags) > MAX_OPTIONS:
            raise NotServed(f"{len(tags)}× {tags[0]}")
        if len(tags) > 1 and set(tags) == {"response_lid"}:
            return self._lists(responses)
        if len(tags) > 1 or tags[0] not in readers:
            raise NotServed(f"{len(tags)}× {tags[0]}" if len(tags) > 1 else tags[0])
        return readers[tags[0]](responses[0])

    def _choice(self, response: Element) -> None:
        labels = list(within(response, "response_label"))
        if len(labels) > MAX_OPTIONS:
            raise NotServed(f"response_lid ({len(labels)})")
        if "fill_in_multiple_blanks" in self.type:
            # All texts of the one blank are right.
            texts = filter(None, map(text_of, labels))
            return self._add("short_answer", answers=tuple(Answer(text) for text in texts))
        cardinality = response.get("rcardinality", "Single").casefold()
        ident = response.get("ident", "")
        ids = [label.get("ident", "") for label in labels]
        if cardinality == "ordered":
            return self._ordering(ids, labels)
        several = cardinality == "multiple"
        shown, key = self._key(ident, ids, several)
        if key.state == "doubtful":
            self.findings.warn(self.line, "qti-keys-differ", name=self.name or self.id)
        feedback = self.remarks.of_options(ids, shown, key, several)
        choices = [
            Choice(value, self._markdown(html_of_material(label)), said, _is_fixed(label))
            for value, label, said in zip(ids, labels, feedback, strict=True)
        ]
        kept, key = without_blanks(choices, key)
        if len(kept) < len(choices):
            self.findings.warn(self.line, "qti-options-dropped", "info", name=self.name or "–")
        options = options_of(kept, key)
        return self._add(kind_of(options, several), options, key=key.state, doubt=key.doubt)

    def _key(self, ident: str, ids: Sequence[str], several: bool) -> tuple[list[list[str]], Key]:
        """What is shown for each option, and the key."""
        try:
            told = alone(self.rules, ident, ids, self.findings)
            points = [point for point, _ in told]
            key = self._key_of_several(ident, ids) if several else key_of_points(points, False)
        except Unclear:
            return [[] for _ in ids], Key(is_doubtful=True)
        return [shown for _, shown in told], key

    def _key_of_several(self, ident: str, ids: Sequence[str]) -> Key:
        """The key of a choice of several: points for each option, or one rule for the whole."""
        scored = [rule for rule in self.rules if rule.points]
        told = [(rule.points or 0.0, *required(rule.condition, ident)) for rule in scored]
        if all(len(needs) + len(bans) == 1 for _, needs, bans in told):
            points = dict.fromkeys(ids, 0.0)
            for point, needs, bans in told:
                value = (needs or bans)[0]
                points[value] = points.get(value, 0.0) + (point if needs else -point)
            return key_of_points([points[value] for value in ids], several=True)
        most = max(point for point, _, _ in told)
        whole = [(set(needs), set(bans)) for point, needs, bans in told if point == most > 0]
        places = [{ids.index(value) for value in needs if value in ids} for needs, _ in whole]
        if len(places) == 1 and places[0] and not whole[0][0] & whole[0][1]:
            return key_of_places(places[0], len(ids))
        return Key(doubt=tuple(sorted(set().union(*places))), is_doubtful=True)

    def _ordering(self, ids: Sequence[str], labels: Sequence[Element]) -> None:
        scored = [rule for rule in self.rules if rule.points and rule.points > 0]
        whole = max(scored, key=lambda rule: rule.points or 0.0, default=None)
        nodes = wanted(whole.condition) if whole else ()
        order = sorted(nodes, key=lambda node: number_of(node.get("index")) or 0)
        texts = [self._markdown(html_of_material(label)) for label in labels]
        if sorted(map(text_of, order)) != sorted(ids):
            self.findings.warn(self.line, "qti-order-missing", name=self.name or self.id)
            return self._add("ordering", tuple(map(Option, texts)), key="doubtful")
        found = dict(zip(ids, texts, strict=True))
        options = tuple(Option(found[text_of(node)], 1 / len(ids)) for node in order)
        return self._add("ordering", options, key="given")

    def _lists(self, responses: Sequence[Element]) -> None:
        pairs = pairs_of_lists(self.element, responses, self.rules, self._markdown)
        if sum(bool(left) for left, _ in pairs) < len(responses):
            self.findings.warn(self.line, "qti-pairs-dropped", "info", name=self.name or "–")
        self._add("matching", pairs=pairs, key="given", gaps=rows_of(self.element))

    def _groups(self, response: Element) -> None:
        pairs = pairs_of_groups(response, self.rules, self._markdown)
        self._add("matching", pairs=pairs, key="given")

    def _text(self, response: Element) -> None:
        scored = [rule for rule in self.rules if rule.points and rule.points > 0]
        conditions = [rule.condition for rule in scored]
        has_answer = any(
            next(within(condition, "varequal", "vargte", "vargt", "varsubstring"), None) is not None
            for condition in conditions
        )
        if not has_answer and not any(word in self.type for word in _SHORT):
            return self._add("essay")
        renders = {
            render.get("fibtype", "").casefold() for render in within(response, "render_fib")
        }
        is_number = response.tag == "response_num" or "numer" in self.type or _NUMBERS & renders
        try:
            answers = self._answers(scored, bool(is_number))
        except Unclear:
            raise Unkeyed from None
        kind: Kind = "numeric" if any(answer.text is None for answer in answers) else "short_answer"
        return self._add(kind, answers=answers, key="given", gaps=self._gaps(response))

    def _answers(self, scored: Sequence[Rule], is_number: bool) -> tuple[Answer, ...]:
        """The accepted answers with their shares of the best one's points, and their feedback."""
        most = max((rule.points or 0.0 for rule in scored), default=1.0)
        shares: dict[Answer, float] = {}
        said: dict[Answer, list[str]] = {}
        for rule in self.rules:
            for answer in _answers_of(rule.condition, is_number):
                said.setdefault(answer, []).extend(rule.shown)
                if rule.points and rule.points > 0:
                    shares[answer] = max(shares.get(answer, 0.0), rule.points / most)
        return tuple(
            replace(answer, fraction=share, feedback=self.remarks.text(said[answer]))
            for answer, share in shares.items()
        )

    def _gaps(self, response: Element) -> list[Element]:
        """The response, if the text goes on behind it."""
        if self.presentation is None:
            return []
        *_, last = within(self.presentation, "mattext", "mat_formattedtext", str(response.tag))
        return [response] if last is not response else []

    def _markdown(self, html: str) -> str:
        return self.findings.markdown(html, self.line)

    def _stem(self, gaps: Sequence[Element]) -> str:
        """The text of the question; some write it within the response."""
        if self.presentation is None:
            return ""
        html = html_of_material(self.presentation, gaps)
        response = next(within(self.presentation, *RESPONSES), None)
        return self._markdown(html or (label_of(response) if response is not None else ""))

    def _add(
        self,
        kind: Kind,
        options: tuple[Option, ...] = (),
        *,
        key: KeyState = "missing",
        answers: tuple[Answer, ...] = (),
        pairs: Pairs = (),
        doubt: tuple[int, ...] = (),
        gaps: Sequence[Element] = (),
    ) -> None:
        explanation = self.remarks.explanation()
        if self.remarks.has_more():
            self.findings.warn(self.line, "qti-feedback-lost", "info", name=self.name or "–")
        self.findings.items.append(
            Item(
                id=self.id,
                id_given=True,
                number="",
                kind=kind,
                stem=self._stem(gaps),
                line=self.line,
                key="given" if answers else key,
                options=options,
                answers=answers,
                pairs=pairs,
                explanation=explanation,
                name=self.name,
                category=self.category,
                doubt=doubt,
            )
        )


def _is_fixed(label: Element) -> bool:
    return label.get("rshuffle", "Yes").casefold() == "no"


def _answers_of(condition: Element, is_number: bool) -> list[Answer]:
    """The answers for which a condition holds; none for one that is about the others."""
    if next(within(condition, "other", "not", "unanswered"), None) is not None:
        return []
    if is_number:
        return numbers(condition)
    if next(within(condition, "varsubstring", "varinside"), None) is not None:
        raise Unclear
    return [Answer(text) for node in wanted(condition) if (text := text_of(node))]


def _type_of(item: Element) -> str:
    """What the item's own system calls its kind, in lower case with underscores."""
    for entry in within(item, "qtimetadatafield"):
        if text_of(entry.find("fieldlabel")).casefold() in _TYPES:
            return _folded(entry.find("fieldentry"))
    return _folded(next(within(item, *_TYPES), None))


def _folded(element: Element | None) -> str:
    return text_of(element).casefold().replace(" ", "_")
