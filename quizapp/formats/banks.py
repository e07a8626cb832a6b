"""Items found in a file become a bank: ids given out, duplicates refused."""

from dataclasses import replace

from quizapp.formats.bank_items import Builder
from quizapp.formats.bank_raw import RawItem
from quizapp.formats.front_matter import DEFAULT_LANGUAGE, FrontMatter, check_id, cut_score, lint
from quizapp.formats.model import Bank, Item, Problem
from quizapp.formats.text import clean_heading, slug, title_from_name, unique
from quizapp.formats.titles import identity


def assemble_bank(
    name: str,
    matter: FrontMatter,
    source: str,
    format_name: str,
    found: tuple[str, list[RawItem], list[Problem]],
) -> Bank:
    """The bank made of the items found, with all that is odd about them."""
    title, raw_items, problems = found
    language = matter.get("language") or DEFAULT_LANGUAGE
    bank_id = identity(name, matter)
    score, score_problems = cut_score(matter)
    severities, lint_problems = lint(matter)
    before = (*matter.problems, *check_id(matter), *score_problems, *lint_problems)
    problems = [*before, *problems]
    items: list[Item] = []
    for raw, item_id in zip(raw_items, _ids(raw_items, bank_id, problems), strict=True):
        builder = Builder(raw, language)
        items.append(builder.build(item_id))
        problems += builder.problems
    if not items and not any(problem.severity == "error" for problem in problems):
        problems.append(Problem(matter.body_line, 1, "error", "bank-empty"))
    return Bank(
        id=bank_id,
        title=clean_heading(matter.get("title")) or title or title_from_name(name),
        format=format_name,
        language=language,
        source=source,
        items=tuple(items),
        cut_score=score,
        lint=severities,
        problems=tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))),
    )


def _ids(items: list[RawItem], bank_id: str, problems: list[Problem]) -> list[str]:
    """Each item's id: as given, else made of the bank's initials and the item's number."""
    taken: set[str] = set()
    for item in items:
        if item.given_id in taken:
            args: dict[str, str | int] = {"id": item.given_id}
            problems.append(Problem(item.line, 1, "error", "id-duplicate", args))
        if item.given_id:
            taken.add(item.given_id)
    return [item.given_id or _made(bank_id, item.number, taken) for item in items]


def give_ids(items: list[Item], bank_id: str) -> list[Item]:
    """The items of a foreign file, each with an id: its own, unless another has it already."""
    taken: set[str] = set()
    for position, item in enumerate(items):
        if item.id in taken:
            items[position] = replace(item, id="", id_given=False)
        taken.add(item.id)
    return [
        item if item.id else replace(item, id=_made(bank_id, str(position), taken))
        for position, item in enumerate(items, start=1)
    ]


def _made(bank_id: str, number: str, taken: set[str]) -> str:
    """An id made of the bank's initials and the item's number; it is taken then."""
    digits = int(number) if number.isdecimal() else len(taken) + 1
    made = unique(f"{_initials(bank_id)}-{digits:03}", taken)
    taken.add(made)
    return made


def _initials(bank_id: str) -> str:
    words = slug(bank_id).split("-")
    return "".join(word[0] for word in words) if len(words) > 1 else words[0][:3] or "q"
