"""Learning object metadata: tags, competencies and difficulty of an item, and fields of ours.

Other systems know keywords, competencies and difficulty. What only we know stands as
classifications whose purpose has our name as its source.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement

from quizapp.formats.qti.tree import text_of, within
from quizapp.items.kinds import Difficulty

OURS = "quizapp"
LOM = "LOMv1.0"

_DIFFICULTIES: dict[str, Difficulty] = {
    "very easy": "easy",
    "easy": "easy",
    "medium": "medium",
    "difficult": "hard",
    "very difficult": "hard",
    "hard": "hard",
}
_WORDS = {"easy": "easy", "medium": "medium", "hard": "difficult"}

Fields = Mapping[str, tuple[str, ...]]


def tags_of(element: Element) -> tuple[str, ...]:
    """The general keywords."""
    general = next(within(element, "general"), None)
    words = within(general, "keyword") if general is not None else ()
    return tuple(text for word in words if (text := text_of(word)))


def difficulty_of(element: Element) -> Difficulty | None:
    """The difficulty, in one of three words."""
    found = next(within(element, "difficulty"), None)
    value = next(within(found, "value"), None) if found is not None else None
    return _DIFFICULTIES.get(text_of(value).casefold())


def competencies_of(element: Element) -> tuple[str, ...]:
    """The keywords and taxa of classifications by competency."""
    return _classified(element, LOM).get("competency", ())


def fields_of(element: Element) -> Fields:
    """The fields that only we write and read, by name; empty in other systems' files."""
    return _classified(element, OURS)


def _classified(element: Element, source: str) -> Fields:
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for classification in within(element, "classification"):
        purpose = classification.find("purpose")
        if purpose is None or text_of(purpose.find("source")) != source:
            continue
        words = ("".join(word.itertext()) for word in within(classification, "string"))
        found[text_of(purpose.find("value"))] += tuple(words)
    return found


def write_metadata(
    parent: Element,
    *,
    title: str = "",
    language: str = "",
    tags: Iterable[str] = (),
    competencies: Iterable[str] = (),
    difficulty: Difficulty | None = None,
    fields: Mapping[str, Iterable[str]],
) -> None:
    """Add the metadata of an item or bank to its entry; nothing for what has no value."""
    lom = Element("imsmd:lom")
    general = SubElement(lom, "imsmd:general")
    if title:
        _string(SubElement(general, "imsmd:title"), title)
    if language:
        SubElement(general, "imsmd:language").text = language
    for tag in tags:
        _string(SubElement(general, "imsmd:keyword"), tag)
    if difficulty:
        educational = SubElement(lom, "imsmd:educational")
        _vocabulary(educational, "difficulty", LOM, _WORDS[difficulty])
    _classify(lom, LOM, "competency", competencies)
    for name, values in fields.items():
        _classify(lom, OURS, name, values)
    if not len(general):
        lom.remove(general)
    if len(lom):
        (parent if parent.tag == "metadata" else SubElement(parent, "metadata")).append(lom)


def _classify(lom: Element, source: str, purpose: str, values: Iterable[str]) -> None:
    kept = list(values)
    if kept:
        classification = SubElement(lom, "imsmd:classification")
        _vocabulary(classification, "purpose", source, purpose)
        for value in kept:
            _string(SubElement(classification, "imsmd:keyword"), value)


def _vocabulary(parent: Element, name: str, source: str, value: str) -> None:
    element = SubElement(parent, f"imsmd:{name}")
    SubElement(element, "imsmd:source").text = source
    SubElement(element, "imsmd:value").text = value


def _string(parent: Element, text: str) -> None:
    SubElement(parent, "imsmd:string").text = text
