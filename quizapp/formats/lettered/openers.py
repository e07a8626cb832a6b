"""Where the questions of a pasted text begin: at numbers in turn, headings, or paragraphs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.bank_fields import field_of
from quizapp.formats.lettered.labels import explanation_of, is_question_like, key_of
from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.runs import Run
from quizapp.formats.lettered.signs import Opener, heading_of, opener_of, truth_of_line

# Numbers that a text may leave out between two questions.
_SKIPPED = 3


@dataclass(frozen=True)
class Start:
    """The line on which a question begins, its number, and what that line has of its stem.

    Without number or heading the line has no text of its own: it is read like those below.
    """

    place: int
    number: str = ""
    text: str | None = None


def starts_of(lines: list[Line], runs: Sequence[Run], taken: set[int]) -> list[Start]:
    """Where the questions begin; lines that are taken belong to no question."""
    gaps = _gaps(lines, runs, taken)
    openers = {
        place: opener
        for gap in gaps
        for place in gap
        if (opener := opener_of(lines[place])) and key_of(lines[place]) is None
    }
    if not runs and not openers:
        return _judged(lines, gaps[0])
    level = _level(openers, gaps[:-1] or gaps)
    if level > 1:
        found = {p: opener for p, opener in openers.items() if opener.level == level}
    elif level:
        found = _in_turn(lines, gaps, openers)
    else:
        found = _headings(lines, gaps)
    starts = [Start(place, opener.number, opener.rest) for place, opener in found.items()]
    covered = set(found)
    for number, gap in enumerate(gaps[:-1]):
        if not covered & set(gap):
            starts.append(_paragraph(lines, gap, is_first=number == 0))
    return sorted(starts, key=lambda start: start.place)


def _judged(lines: list[Line], places: list[int]) -> list[Start]:
    """Statements with nothing but their V or F before or behind them."""
    found = [place for place in places if truth_of_line(lines[place].text)]
    return [Start(place) for place in found]


def _gaps(lines: list[Line], runs: Sequence[Run], taken: set[int]) -> list[list[int]]:
    """The lines before each run and behind the last."""
    ends = [0, *(run.end for run in runs)]
    begins = [*(run.start for run in runs), len(lines)]
    return [
        [place for place in range(end, begin) if place not in taken and not lines[place].is_code]
        for end, begin in zip(ends, begins, strict=True)
    ]


def _level(openers: dict[int, Opener], gaps: list[list[int]]) -> int:
    """The highest level of opener that half of the runs have before them; 0 if none is."""
    for level in (3, 2, 1):
        having = sum(any(p in openers and openers[p].level == level for p in gap) for gap in gaps)
        if having * 2 >= len(gaps) and having:
            return level
    return 0


def _in_turn(
    lines: list[Line], gaps: list[list[int]], openers: dict[int, Opener]
) -> dict[int, Opener]:
    """The bare numbers that follow one another; others are lists within stems and explanations."""
    found: dict[int, Opener] = {}
    last = 0
    before: tuple[int, int] | None = None  # the place and number of a number that was passed over
    for position, gap in enumerate(gaps):
        has_run = position < len(gaps) - 1
        is_open = False  # whether a question of this gap still lacks its options
        after_heading = False
        numbers = [int(openers[p].number) for p in gap if p in openers]
        for place in gap:
            after_heading = after_heading or heading_of(lines[place]) is not None
            opener = openers.get(place)
            if not opener:
                continue
            number = int(opener.number)
            inner = before is not None and before == (place - 1, number - 1)
            is_next = number == last + 1
            may_restart = after_heading or not found or (last > 1 and last + 1 not in numbers)
            is_restart = number == 1 and may_restart and (has_run or len(gaps) == 1)
            is_jump = last < number <= last + _SKIPPED and last + 1 not in numbers and has_run
            is_apart = not is_open or lines[place].gap or len(gaps) == 1
            is_apart = is_apart or truth_of_line(opener.rest) is not None
            if (is_next or is_restart or is_jump) and not inner and is_apart:
                found[place] = opener
                last, is_open, before = number, True, None
            else:
                before = (place, number)
    return found


def _headings(lines: list[Line], gaps: list[list[int]]) -> dict[int, Opener]:
    """The headings of the level that most runs have right above them, as stems without number."""
    nearest: dict[int, tuple[int, str]] = {}
    for gap in gaps[:-1]:
        for place in reversed(gap):
            heading = heading_of(lines[place])
            if heading and key_of(lines[place]) is None and explanation_of(lines[place]) is None:
                # Above a single question a first heading with text below it is the title.
                below = len(gaps) == 2 and place != gap[-1]
                if not below or heading[0] > 1 or is_question_like(heading[1]):
                    nearest[place] = heading
                break
    if not nearest:
        return {}
    levels = Counter(level for level, _ in nearest.values())
    usual, count = levels.most_common(1)[0]
    if count * 2 < len(gaps) - 1:
        return {}
    return {p: Opener("", text, 2) for p, (level, text) in nearest.items() if level == usual}


def _paragraph(lines: list[Line], gap: list[int], *, is_first: bool) -> Start:
    """Where the stem of a run without number begins: behind what still speaks of the one before."""
    if is_first:
        return Start(_last_paragraph(lines, gap))
    return Start(_behind_remarks(lines, gap))


def _last_paragraph(lines: list[Line], gap: list[int]) -> int:
    for place in reversed(gap):
        if lines[place].gap or heading_of(lines[max(place - 1, 0)]):
            return place
    return gap[0] if gap else 0


def _behind_remarks(lines: list[Line], gap: list[int]) -> int:
    """The first line that is neither key, explanation, field, quote nor heading."""
    place = gap[-1] + 1 if gap else 0
    goes_on = False
    for candidate in gap:
        line = lines[candidate]
        remark = key_of(line) is not None or explanation_of(line) is not None
        if remark or heading_of(line) or line.is_rule or field_of(line.text):
            goes_on = remark
            place = gap[-1] + 1
        elif line.text.startswith(">") or (goes_on and not line.gap):
            continue
        elif place > candidate:
            place = candidate
    return place
