"""Matchings of QTI 1.2: several lists that choose from the same, or groups of labels."""

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from quizapp.formats.qti.findings import NotServed, Unkeyed
from quizapp.formats.qti.keys import MAX_OPTIONS
from quizapp.formats.qti.material import RIGHT_SIDES, html_of_material, label_of, rows_of
from quizapp.formats.qti.rules import Rule, wanted
from quizapp.formats.qti.tree import text_of, within

Pairs = tuple[tuple[str, str], ...]
Show = Callable[[str], str]


def pairs_of_lists(
    item: Element, responses: Sequence[Element], rules: Sequence[Rule], show: Show
) -> Pairs:
    """The pairs of several lists; `show` makes Markdown of HTML.

    Raises NotServed where the lists differ, Unkeyed where a left side has not one right one.
    """
    texts = _right_sides(item, show)
    lists = [_choices(response, texts, show) for response in responses]
    rights = list(lists[0].values())
    if any(list(choices.values()) != rights for choices in lists) or len(rights) > MAX_OPTIONS:
        raise NotServed(f"{len(responses)}× response_lid")
    keys: dict[str, set[str]] = {}
    for rule in rules:
        for node in wanted(rule.condition) if rule.points and rule.points > 0 else ():
            keys.setdefault(node.get("respident", ""), set()).add(text_of(node))
    rows = rows_of(item)
    pairs: dict[tuple[str, str], None] = {}
    for response, choices in zip(responses, lists, strict=True):
        left = _left(rows, response, show)
        values = keys.get(response.get("ident", ""), set()) & choices.keys()
        # Some editors write the rows that were left empty as well.
        if left:
            pairs[left, _only({choices[value] for value in values})] = None
    used = {right for _, right in pairs}
    others = (("", text) for text in dict.fromkeys(rights) if text and text not in used)
    return (*pairs, *others)


def _only(rights: set[str]) -> str:
    if len(rights) != 1:
        raise Unkeyed
    return rights.pop()


def _choices(response: Element, texts: Sequence[str], show: Show) -> dict[str, str]:
    """What a response chooses from, by ident."""
    labels = list(within(response, "response_label"))
    own = [show(html_of_material(label)) for label in labels]
    if not any(own) and len(texts) == len(labels):
        own = list(texts)
    return dict(zip((label.get("ident", "") for label in labels), own, strict=True))


def _right_sides(item: Element, show: Show) -> list[str]:
    """Blackboard's right sides, in the order of each list's labels."""
    block = next((f for f in within(item, "flow") if f.get("class") == RIGHT_SIDES), None)
    return [show(html_of_material(part)) for part in block] if block is not None else []


def _left(rows: Sequence[Element], response: Element, show: Show) -> str:
    """A left side: within the response, or beside it in its flow."""
    row = next((row for row in rows if response in list(row)), None)
    return show(label_of(response) or (html_of_material(row) if row is not None else ""))


def pairs_of_groups(response: Element, rules: Sequence[Rule], show: Show) -> Pairs:
    """The pairs of a `response_grp`, whose values are two idents: "L1,R1"."""
    labels = {label.get("ident", ""): label for label in within(response, "response_label")}
    values = [
        text_of(node).replace(",", " ").split()
        for rule in rules
        if rule.points and rule.points > 0
        for node in within(rule.condition, "varsubset", "varequal")
    ]
    if not values or any(len(value) != 2 for value in values) or len(labels) > MAX_OPTIONS:
        raise NotServed("response_grp")
    matches = dict(values)
    used = {*matches, *matches.values()}
    lefts = {ident for ident, label in labels.items() if label.get("match_group")}
    if len(matches) != len(values) or used - labels.keys() or lefts - matches.keys():
        raise Unkeyed
    texts = {ident: show(html_of_material(label)) for ident, label in labels.items()}
    pairs = ((texts[left], texts[right]) for left, right in matches.items())
    others = (("", text) for ident, text in texts.items() if ident not in used)
    return (*pairs, *others)
