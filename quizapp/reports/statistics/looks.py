"""Which items to look at, as codes with arguments; their words are the pages' matter.

Small numbers do not lie: each finding is beyond chance at the confidence asked for, and none
comes from fewer exposures than a facility needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from quizapp.reports.statistics.beta import incomplete_beta
from quizapp.reports.statistics.model import Asked, Choice, ItemFigures, Level, Look, Options
from quizapp.reports.statistics.moments import wilson

# The most pressing first. The best are the highest score group.
CODES: Mapping[str, Level] = {
    # The best choose an option more than the key: option, chosen, key_chosen, best.
    "key_rivalled": "act",
    # Of several: the best mostly choose a wrong option, or leave out a right one: option, is_key,
    # chosen, best.
    "key_doubted": "act",
    # Who gets it right does worse on the rest: discrimination, n.
    "discrimination_negative": "act",
    # Fewer get it right than would by guessing: facility, chance, n.
    "below_chance": "look",
    # The best choose two options equally: option, chosen, key_chosen, best.
    "ambiguous": "look",
    # It hardly tells who knows from who does not: discrimination, n.
    "discrimination_low": "look",
    # Nearly nobody gets it right: right, n.
    "few_right": "look",
    # Many do not get to it: unreached, n (of all who had it).
    "often_unreached": "look",
    # Many leave it blank: blank, n.
    "often_blank": "look",
    # It takes far longer than the others: seconds, typical.
    "slow": "look",
    # Nobody chooses these, though others err: unchosen (options), n.
    "unchosen": "look",
    # Everybody who answers gets it right: n. No fault where mastery is the aim.
    "all_right": "know",
}
# Items below this tell too little apart (Ebel & Frisbie 1991, Essentials of Educational
# Measurement, p. 232), unless so many get them right that there is nothing to tell.
LOW = 0.2
EASY = 0.9
FEW = 0.2
# A distractor that fewer than so many choose does no work (Haladyna & Downing 1993,
# Educational and Psychological Measurement 53, 999-1010).
WORKS = 0.05
MANY = 0.1
TWICE = 2.5
LEAST_ITEMS = 5


def find(
    figures: Mapping[int, ItemFigures], asked: Mapping[int, Asked], options: Options
) -> tuple[Look, ...]:
    """What to look at, the most pressing first; of one kind the clearest, then by item."""
    found: list[tuple[int, float, Look]] = []
    order = {code: place for place, code in enumerate(CODES)}
    typical = _typical(figures.values())
    for one in figures.values():
        if one.n + one.unreached < max(1, options.facility_from):
            continue
        for code, strength, args in _findings(one, asked.get(one.item), typical, options):
            found.append((order[code], -strength, Look(code, one.item, CODES[code], args)))
    return tuple(look for *_, look in sorted(found, key=lambda it: (*it[:2], it[2].item)))


Finding = tuple[str, float, Mapping[str, object]]


def _typical(figures: Iterable[ItemFigures]) -> float | None:
    """The median of the items' median times, None for too few items."""
    medians = [one.spent.median for one in figures if one.spent]
    return median(medians) if len(medians) >= LEAST_ITEMS else None


def _findings(
    one: ItemFigures, asked: Asked | None, typical: float | None, options: Options
) -> Iterator[Finding]:
    if asked and one.choices:
        yield from _by_the_best(one, asked, options)
        yield from _unchosen(one, options)
    yield from _discrimination(one)
    yield from _facility(one, asked)
    shown = one.n + one.unreached
    if wilson(one.unreached, shown, options.confidence).low > MANY:
        args: Mapping[str, object] = {"unreached": one.unreached, "n": shown}
        yield "often_unreached", one.unreached / shown, args
    if one.n and wilson(one.blank, one.n, options.confidence).low > MANY:
        yield "often_blank", one.blank / one.n, {"blank": one.blank, "n": one.n}
    if one.spent and typical and one.spent.lower > typical:
        times = one.spent.median / typical
        if times >= TWICE:
            seconds = {"seconds": one.spent.median / 1000, "typical": typical / 1000}
            yield "slow", times, seconds


def _by_the_best(one: ItemFigures, asked: Asked, options: Options) -> Iterator[Finding]:
    """What the best group chose against the key."""
    best = one.group_sizes[-1] if len(one.group_sizes) > 1 else 0
    if not best:
        return
    chosen = [choice.by_group[-1] for choice in one.choices]
    if asked.several:
        for choice, count in zip(one.choices, chosen, strict=True):
            against = best - count if choice.is_key else count
            if _most(against, best, options):
                args = {"option": choice.option, "is_key": choice.is_key}
                yield "key_doubted", against / best, {**args, "chosen": count, "best": best}
        return
    key = sum(chosen[option] for option in asked.key if option < len(chosen))
    rival = _rival(one.choices, chosen)
    if rival is None:
        return
    count = chosen[rival]
    args = {"option": rival, "chosen": count, "key_chosen": key, "best": best}
    if _most(count, count + key, options):
        yield "key_rivalled", count / best, args
    elif count and wilson(count, count + key, options.confidence).low > 1 / 3:
        yield "ambiguous", count / best, args


def _rival(choices: Sequence[Choice], chosen: Sequence[int]) -> int | None:
    """The wrong option that was chosen most, the first of equals."""
    wrong = [choice.option for choice in choices if not choice.is_key]
    return max(wrong, key=lambda option: chosen[option], default=None)


def _most(count: int, of: int, options: Options) -> bool:
    """Whether more than half would, by the exact binomial test."""
    return 2 * count > of and incomplete_beta(count, of - count + 1, 0.5) < 1 - options.confidence


def _unchosen(one: ItemFigures, options: Options) -> Iterator[Finding]:
    """Options nobody chooses, where neither the few people nor the few mistakes explain it."""
    wrong = [choice for choice in one.choices if not choice.is_key]
    mistakes = sum(choice.count for choice in wrong)
    doubt, n = 1 - options.confidence, sum(one.group_sizes)
    none = tuple(choice.option for choice in wrong if not choice.count)
    if none and (1 - WORKS) ** n <= doubt and (1 - 1 / len(wrong)) ** mistakes <= doubt:
        yield "unchosen", len(none), {"unchosen": none, "n": n}


def _discrimination(one: ItemFigures) -> Iterator[Finding]:
    interval = one.discrimination_interval
    if one.discrimination is None or interval is None or one.facility is None:
        return
    if _is_all_right(one):  # it tells who left it blank, no more
        return
    args: Mapping[str, object] = {"discrimination": one.discrimination, "n": one.n}
    if interval.high < 0:
        yield "discrimination_negative", -one.discrimination, args
    elif interval.high < LOW and one.facility <= EASY:
        yield "discrimination_low", -one.discrimination, args


def _facility(one: ItemFigures, asked: Asked | None) -> Iterator[Finding]:
    if one.facility is None or one.interval is None:
        return
    chance = len(asked.key) / asked.options if asked and not asked.several else 0.0
    if _is_all_right(one):
        yield "all_right", one.right, {"n": one.right}
    elif one.interval.high < FEW:
        yield "few_right", 1 - one.facility, {"right": one.right, "n": one.n}
    elif one.interval.high < chance:
        args: Mapping[str, object] = {"facility": one.facility, "chance": chance, "n": one.n}
        yield "below_chance", chance - one.facility, args


def _is_all_right(one: ItemFigures) -> bool:
    """Whether nobody who answered had anything wrong."""
    return one.right > 0 and one.right + one.blank == one.n
