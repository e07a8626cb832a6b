"""Choices of QTI 2 and 3: which options are right."""

from collections.abc import Sequence

from quizapp.formats.qti.declarations import Declaration
from quizapp.formats.qti.findings import Unclear
from quizapp.formats.qti.keys import Key, best, key_of_places, key_of_points, positive
from quizapp.formats.qti.processing import Processing, Value
from quizapp.formats.qti.tree import number_of

Outcomes = dict[str, Value]


def outcomes_of(
    processing: Processing, response_id: str, responses: Sequence[Sequence[str]]
) -> list[Outcomes]:
    """What comes out for each response; nothing where the rules are not worked out here."""
    try:
        return [processing.run(response_id, response) for response in responses]
    except Unclear:
        return []


def choice_key(
    processing: Processing,
    declaration: Declaration,
    ids: Sequence[str],
    outcomes: Sequence[Outcomes],
    several: bool,
) -> Key:
    """The key of a choice: what is declared right, unless the points given say otherwise.

    Where both are there and disagree, the key is doubtful.
    """
    said = {ids.index(value) for value in declaration.correct if value in ids}
    points = _points(processing, declaration, ids, outcomes)
    right = positive(points) if several else best(points)
    if not right:
        is_one = len(said) == 1 and len(declaration.correct) == 1
        if said and (several or is_one) and len(said) == len(set(declaration.correct)):
            return key_of_places(said, len(ids))
        return Key(doubt=tuple(sorted(said)), is_doubtful=bool(declaration.correct))
    if said and (said != right if several else not said <= right):
        return Key(doubt=tuple(sorted(said | right)), is_doubtful=True)
    return key_of_points(points, several, processing.is_ours)


def _points(
    processing: Processing,
    declaration: Declaration,
    ids: Sequence[str],
    outcomes: Sequence[Outcomes],
) -> list[float]:
    """What each option alone is worth, if the file's rules say so."""
    uses_mapping = (
        processing.template == "map_response" or processing.maps or not declaration.correct
    )
    if uses_mapping and declaration.mapping:
        return [declaration.points(value) for value in ids]
    if processing.template != "match_correct" and outcomes and processing.is_custom:
        scores = [number_of(" ".join(outcome.get("SCORE", ()))) or 0.0 for outcome in outcomes]
        if max(scores) > min(scores):
            return scores[: len(ids)]
    return []
