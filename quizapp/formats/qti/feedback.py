"""What a QTI 2 or 3 item says after a response: of an option, of an answer, in any case."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from xml.etree.ElementTree import Element

from quizapp.formats.qti.choices import Outcomes, outcomes_of
from quizapp.formats.qti.declarations import Declaration
from quizapp.formats.qti.findings import Unclear
from quizapp.formats.qti.processing import Processing
from quizapp.formats.qti.tree import children


class Feedback:
    """The modal feedback of an item; `show` makes Markdown of an element."""

    def __init__(
        self, item: Element, processing: Processing, show: Callable[[Element], str]
    ) -> None:
        self.parts = children(item, "modalFeedback")
        self.processing = processing
        self.show = show
        self.general: list[str] = []
        self.is_lost = False

    def of_responses(
        self,
        values: Sequence[str],
        alone: Sequence[Outcomes],
        declaration: Declaration,
        several: bool,
    ) -> list[str]:
        """What is said of each value as a response; what is said in any case is general."""
        whole = outcomes_of(self.processing, declaration.id, [declaration.correct, ()])
        shown = self._shown([*alone, *whole]) if alone and whole else []
        if not shown:
            return self._by_name(values)
        always = set.intersection(*shown)
        counts = Counter(place for places in shown[: len(values)] for place in places)
        # Said of a choice of several, "wrong" is no word about an option.
        own = [
            {place for place in places - always if not several or counts[place] == 1}
            for places in shown[: len(values)]
        ]
        self._keep(always, own)
        return [self._text(places) for places in own]

    def of_whole(self, response_id: str, right: Sequence[str]) -> None:
        """Keep what is said of right and empty responses alike."""
        shown = self._shown(outcomes_of(self.processing, response_id, [right, ()]))
        self._keep(set.intersection(*shown) if shown else self._constant(), [])

    def _shown(self, outcomes: Sequence[Outcomes]) -> list[set[int]]:
        """The feedback shown for each outcome; nothing if that is too much to find out."""
        try:
            self.processing.findings.step(len(outcomes) * len(self.parts))
        except Unclear:
            return []
        return [
            {place for place, part in enumerate(self.parts) if _is_shown(part, outcome)}
            for outcome in outcomes
        ]

    def _by_name(self, values: Sequence[str]) -> list[str]:
        """Feedback whose rules are not worked out: it may bear the name of its option."""
        constant = self._constant()
        named = {
            part.get("identifier", ""): place
            for place, part in enumerate(self.parts)
            if place not in constant
        }
        own = [{named[value]} if value in named else set() for value in values]
        self._keep(constant, own)
        return [self._text(places) for places in own]

    def _constant(self) -> set[int]:
        """The feedback that is shown by outcomes which no rule changes."""
        changed = self.processing.changed()
        return {
            place
            for place, part in enumerate(self.parts)
            if part.get("outcomeIdentifier") not in changed
            and _is_shown(part, self.processing.defaults)
        }

    def _keep(self, general: set[int], own: Iterable[set[int]]) -> None:
        self.general.append(self._text(general))
        self.is_lost = len(general.union(*own)) < len(self.parts)

    def _text(self, places: Iterable[int]) -> str:
        return "\n\n".join(filter(None, (self.show(self.parts[p]) for p in sorted(places))))


def _is_shown(feedback: Element, outcome: Outcomes) -> bool:
    values = outcome.get(feedback.get("outcomeIdentifier", ""), ())
    is_said = feedback.get("identifier", "") in values
    return is_said == (feedback.get("showHide", "show") == "show")
