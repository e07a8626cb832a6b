"""What a QTI 1.2 item says after an answer: of an option, of an answer, in any case."""

from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from quizapp.formats.qti.findings import Findings
from quizapp.formats.qti.keys import Key
from quizapp.formats.qti.material import html_of_material
from quizapp.formats.qti.rules import Rule
from quizapp.formats.qti.tree import children, within

# What Canvas and Blackboard call the feedback for wrong answers, and for right ones.
_VERDICTS = (
    ("general_incorrect_fb", "incorrect_fb", "incorrect"),
    ("correct_fb", "correct"),
)
_GENERAL = "general_fb"


class Remarks:
    """The feedback of one item, and which of it found a place."""

    def __init__(self, item: Element, rules: Sequence[Rule], findings: Findings, line: int) -> None:
        self.rules = rules
        self.findings = findings
        self.line = line
        self.parts = {part.get("ident", ""): part for part in children(item, "itemfeedback")}
        self.placed: set[str] = set()

    def of_options(
        self, ids: Sequence[str], shown: Sequence[Sequence[str]], key: Key, several: bool
    ) -> list[str]:
        """The feedback of each option: shown for it, but not for all, or named after it."""
        always = set(shown[0]).intersection(*shown[1:]) if shown else set()
        linked = Counter(ident for idents in shown for ident in set(idents))
        out = []
        for place, (value, idents) in enumerate(zip(ids, shown, strict=True)):
            own = [ident for ident in idents if ident not in always]
            names = [f"{value}_fb", value]
            if several:
                # Said of a choice of several, "wrong" is no word about an option.
                own = [ident for ident in own if linked[ident] == 1]
            elif key.fractions:
                names += _VERDICTS[key.fractions[place] == max(key.fractions)]
            out.append(self.text([*own, *(name for name in names if name not in linked)]))
        return out

    def text(self, idents: Iterable[str]) -> str:
        """The Markdown of some feedback."""
        wanted = [ident for ident in dict.fromkeys(idents) if ident in self.parts]
        self.placed |= set(wanted)
        return "\n\n".join(filter(None, map(self._markdown, wanted)))

    def explanation(self) -> str:
        """What is said in any case, and solutions that are not of an option."""
        general = self._general()
        solutions = {
            ident
            for ident, part in self.parts.items()
            if ident not in self.placed and next(within(part, "solution"), None) is not None
        }
        return self.text(ident for ident in self.parts if ident in general | solutions)

    def _general(self) -> set[str]:
        return {_GENERAL} | {
            ident
            for rule in self.rules
            if len(rule.condition) == 1 and rule.condition[0].tag == "other" and not rule.points
            for ident in rule.shown
            if not any(ident in names for names in _VERDICTS)
        }

    def has_more(self) -> bool:
        """Whether there is feedback that found no place."""
        left = self.parts.keys() - self.placed
        return any(html_of_material(self.parts[ident]) for ident in left)

    def _markdown(self, ident: str) -> str:
        return self.findings.markdown(html_of_material(self.parts[ident]), self.line)
