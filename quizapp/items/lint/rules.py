"""All the rules together: what they find in a bank's items, weighed as the bank wishes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from quizapp.items.lint import cues, endings, lengths, negatives, options, wording
from quizapp.items.lint.codes import SEVERITIES, Level
from quizapp.items.lint.duplicates import Signature, duplicates, signature_of
from quizapp.items.lint.links import Known, links
from quizapp.items.lint.model import Finding, Flaw, Question
from quizapp.items.lint.positions import key_position
from quizapp.items.lint.view import View

_OF_CHOICES = (
    lengths.few_options,
    lengths.no_distractor,
    lengths.key_longest,
    options.all_or_none,
    options.option_cites_letter,
    options.option_duplicates,
    options.option_contains_option,
    negatives.negative_stem,
    wording.stem_unfocused,
    wording.absolute_word,
    cues.grammar_cue,
)


def lint_items(
    questions: Sequence[Question],
    *,
    severities: Mapping[str, Level] = MappingProxyType({}),
    known: Known | None = None,
    library: Iterable[Signature] = (),
) -> list[Finding]:
    """What is wrong with a bank's items: what is the bank's own first, then item by item.

    `severities` sets codes to error, warning, info or off; `known` says whether a cited section
    is there; `library` has the signatures of other banks' items.
    """
    views = [View(question) for question in questions]
    vocabulary = endings.Vocabulary(views)
    flaws = [list(_flaws(view, vocabulary, known)) for view in views]
    for place, flaw in endings.fewer_options(views):
        flaws[place].append(flaw)
    for place, flaw in _twins(views, library):
        flaws[place].append(flaw)
    weights: dict[str, Level] = {**SEVERITIES, **severities}
    found = [_finding(weights, None, flaw) for flaw in key_position(views)]
    for question, its_flaws in zip(questions, flaws, strict=True):
        found += [_finding(weights, question, flaw) for flaw in its_flaws]
    return [finding for finding in found if finding]


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each code, the most frequent first."""
    return dict(Counter(finding.code for finding in findings).most_common())


def _flaws(view: View, vocabulary: endings.Vocabulary, known: Known | None) -> Iterator[Flaw]:
    if view.has_choices:
        for rule in _OF_CHOICES:
            yield from rule(view)
    yield from endings.cut_off(view, vocabulary)
    yield from links(view.question, known)


def _twins(views: Sequence[View], library: Iterable[Signature]) -> Iterator[tuple[int, Flaw]]:
    asked = [
        (place, signature_of(view))
        for place, view in enumerate(views)
        if view.question.kind not in ("description", "scenario")
    ]
    places = {id(one): place for place, one in asked}
    for twin in duplicates([one for _, one in asked], library):
        code = "stem-duplicate" if twin.exact else "stem-near-duplicate"
        is_ours = twin.other.bank == twin.one.bank
        other = twin.other.id if is_ours else f"{twin.other.bank}: {twin.other.id}"
        yield places[id(twin.one)], Flaw(code, None, {"other": other})


def _finding(weights: Mapping[str, Level], question: Question | None, flaw: Flaw) -> Finding | None:
    severity = weights[flaw.code]
    if severity == "off" or (question and flaw.code in question.accepted):
        return None
    item, line = (question.id, question.line) if question else ("", 1)
    return Finding(item, line, flaw.code, severity, flaw.option, flaw.args)
