"""An assessmentItem of QTI 2.0 to 3.0 becomes an item of ours, or is left out by name."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.formats.model import Answer, Item, KeyState, Option
from quizapp.formats.qti.answers import answers_of
from quizapp.formats.qti.choices import choice_key, outcomes_of
from quizapp.formats.qti.declarations import Declaration
from quizapp.formats.qti.feedback import Feedback
from quizapp.formats.qti.findings import Findings, NotServed, Unkeyed
from quizapp.formats.qti.keys import MAX_OPTIONS, Choice, kind_of, options_of, without_blanks
from quizapp.formats.qti.markup import html_of, html_of_body, is_for_candidates
from quizapp.formats.qti.processing import Processing
from quizapp.formats.qti.tree import children, is_broken, within
from quizapp.formats.safe_xml import line_of
from quizapp.items.kinds import Kind

_NOT_SERVED = ("templateDeclaration", "templateProcessing")


def read_assessment_item(element: Element, findings: Findings, category: str = "") -> None:
    """Add an item, its tree simplified, to what was found."""
    Reader(element, findings, category).read()


class Reader:
    """Reads one item."""

    def __init__(self, element: Element, findings: Findings, category: str) -> None:
        self.element = element
        self.findings = findings
        self.category = category
        self.line = line_of(element)
        self.id = element.get("identifier", "").strip()
        title = " ".join(element.get("title", "").split())
        self.name = "" if title == self.id else title
        self.processing = Processing(element, findings)
        self.feedback = Feedback(element, self.processing, self._markdown)
        self.interaction = element

    def read(self) -> None:
        """Read the item, or say what it is that cannot be read."""
        name = self.name or self.id
        try:
            self._read()
        except NotServed as kind:
            self.findings.leave_out(self.line, name, str(kind))
        except Unkeyed:
            self.findings.leave_out_unkeyed(self.line, name, str(self.interaction.tag))

    def _read(self) -> None:
        body = self.element.find("itemBody")
        inside = list(body.iter()) if body is not None else []
        interactions = [part for part in inside if str(part.tag).endswith("Interaction")]
        if reason := self._reason(interactions):
            raise NotServed(reason)
        if not interactions:
            self.feedback.of_whole("", ())
            return self._add("description", ())
        self.interaction = interactions[0]
        readers: dict[str, Callable[[Declaration], None]] = {
            "choiceInteraction": self._choice,
            "inlineChoiceInteraction": self._choice,
            "orderInteraction": self._order,
            "matchInteraction": self._match,
            "textEntryInteraction": self._text_entry,
            "extendedTextInteraction": self._extended_text,
        }
        declaration = self.processing.declarations.get(
            self.interaction.get("responseIdentifier", "RESPONSE")
        ) or Declaration("", "single", "string", ())
        return readers[str(self.interaction.tag)](declaration)

    def _reason(self, interactions: Sequence[Element]) -> str:
        """Why an item is left out, by what it is."""
        if is_broken(self.element):
            return "XML"
        if self.element.get("adaptive", "false") == "true":
            return "adaptive"
        if any(self.element.find(name) is not None for name in _NOT_SERVED):
            return "template"
        names = Counter(str(interaction.tag) for interaction in interactions)
        if len(interactions) > 1 or not set(names) <= _SERVED:
            return ", ".join(f"{n}× {name}" if n > 1 else name for name, n in names.items())
        return ""

    def _choice(self, declaration: Declaration) -> None:
        parts = [part for part in self.interaction if part.tag in ("simpleChoice", "inlineChoice")]
        if len(parts) > MAX_OPTIONS:
            raise NotServed(f"{self.interaction.tag} ({len(parts)})")
        ids = [part.get("identifier", "") for part in parts]
        most = self.interaction.get("maxChoices", "1")
        is_open = most != "1" or len(declaration.correct) > 1
        several = declaration.cardinality != "single" and is_open
        alone = outcomes_of(self.processing, declaration.id, [[value] for value in ids])
        key = choice_key(self.processing, declaration, ids, alone, several)
        if key.state == "doubtful":
            self.findings.warn(self.line, "qti-keys-differ", name=self.name or self.id)
        feedback = self.feedback.of_responses(
            ids, alone, declaration, declaration.cardinality != "single"
        )
        choices = [
            Choice(
                value,
                self._markdown(part),
                "\n\n".join(filter(None, (self._own_feedback(part), said))),
                part.get("fixed", "false") == "true",
            )
            for value, part, said in zip(ids, parts, feedback, strict=True)
        ]
        shown, key = without_blanks(choices, key)
        if len(shown) < len(choices):
            self.findings.warn(self.line, "qti-options-dropped", "info", name=self.name or self.id)
        options = options_of(shown, key)
        kind = kind_of(options, several)
        return self._add(kind, options, key.state, doubt=key.doubt)

    def _own_feedback(self, choice: Element) -> str:
        """The feedback that stands within an option."""
        parts = within(choice, "feedbackInline", "feedbackBlock")
        return "\n\n".join(filter(None, map(self._markdown, parts)))

    def _order(self, declaration: Declaration) -> None:
        texts = {
            part.get("identifier", ""): self._markdown(part)
            for part in children(self.interaction, "simpleChoice")
        }
        if len(texts) > MAX_OPTIONS:
            raise NotServed(f"orderInteraction ({len(texts)})")
        self.feedback.of_whole(declaration.id, declaration.correct)
        if sorted(declaration.correct) != sorted(texts):
            self.findings.warn(self.line, "qti-order-missing", name=self.name or self.id)
            return self._add("ordering", tuple(map(Option, texts.values())), key="doubtful")
        options = (Option(texts[value], 1 / len(texts)) for value in declaration.correct)
        return self._add("ordering", tuple(options), key="given")

    def _match(self, declaration: Declaration) -> None:
        sides = [
            {
                part.get("identifier", ""): self._markdown(part)
                for part in children(side, "simpleAssociableChoice")
            }
            for side in children(self.interaction, "simpleMatchSet")
        ]
        values = [value.split() for value in declaration.correct]
        if len(sides) != 2 or not values or any(len(value) != 2 for value in values):
            raise Unkeyed
        left, right = sides
        if all(first in right and second in left for first, second in values):
            values = [[second, first] for first, second in values]
        matches = dict(values)
        is_one_each = sorted(first for first, _ in values) == sorted(left)
        if not is_one_each or not right.keys() >= set(matches.values()):
            raise NotServed("matchInteraction (n:m)")
        self.feedback.of_whole(declaration.id, declaration.correct)
        unused = [text for name, text in right.items() if name not in matches.values()]
        return self._add(
            "matching",
            (),
            key="given",
            pairs=(
                *((text, right[matches[name]]) for name, text in left.items()),
                *(("", text) for text in unused),
            ),
        )

    def _text_entry(self, declaration: Declaration) -> None:
        kind: Kind = "numeric" if declaration.is_number else "short_answer"
        answers = answers_of(self.processing, declaration)
        if not any(answer.fraction > 0 for answer in answers):
            raise Unkeyed
        typed = [_typed(answer) for answer in answers]
        outcomes = outcomes_of(self.processing, declaration.id, [[text] for text in typed])
        said = self.feedback.of_responses(typed, outcomes, declaration, several=False)
        kept = tuple(
            replace(answer, feedback=feedback)
            for answer, feedback in zip(answers, said, strict=True)
        )
        return self._add(kind, (), key="given", answers=kept)

    def _extended_text(self, declaration: Declaration) -> None:
        self.feedback.of_whole(declaration.id, declaration.correct)
        answers = tuple(Answer(text) for text in declaration.correct if text)
        self._add("essay", (), answers=answers)

    def _markdown(self, element: Element) -> str:
        return self.findings.markdown(html_of(element), self.line)

    def _add(
        self,
        kind: Kind,
        options: tuple[Option, ...],
        key: KeyState = "missing",
        *,
        answers: tuple[Answer, ...] = (),
        pairs: tuple[tuple[str, str], ...] = (),
        doubt: tuple[int, ...] = (),
    ) -> None:
        body = self.element.find("itemBody")
        rubrics = list(within(self.element, "rubricBlock"))
        if self.feedback.is_lost:
            self.findings.warn(self.line, "qti-feedback-lost", "info", name=self.name or self.id)
        notes = (self._markdown(part) for part in rubrics if not is_for_candidates(part))
        html = html_of_body(body) if body is not None else ""
        self.findings.items.append(
            Item(
                id=self.id,
                id_given=True,
                number="",
                kind=kind,
                stem=self.findings.markdown(html, self.line),
                line=self.line,
                key=key,
                options=options,
                answers=answers,
                pairs=pairs,
                explanation="\n\n".join(filter(None, (*self.feedback.general, *notes))),
                name=self.name,
                category=self.category,
                doubt=doubt,
            )
        )


_SERVED = {
    "choiceInteraction",
    "inlineChoiceInteraction",
    "orderInteraction",
    "matchInteraction",
    "textEntryInteraction",
    "extendedTextInteraction",
}


def _typed(answer: Answer) -> str:
    """What a person would type to give an answer."""
    if answer.text is not None:
        return answer.text
    return repr(answer.value if answer.value is not None else answer.low)
