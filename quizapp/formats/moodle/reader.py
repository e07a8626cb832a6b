"""A bank as Moodle exports it: `<quiz>` with questions and, in their midst, their categories."""

from xml.etree.ElementTree import Element

from quizapp.formats.foreign import MAX_ITEMS, assemble
from quizapp.formats.model import Bank, Item, Problem, Unreadable
from quizapp.formats.moodle.categories import Categories
from quizapp.formats.moodle.findings import Findings
from quizapp.formats.moodle.kinds import READERS
from quizapp.formats.moodle.question import Question, label, made_name, words
from quizapp.formats.moodle.tags import Tags
from quizapp.formats.safe_xml import line_of, local_name
from quizapp.formats.text import fold

# What Moodle says when nobody has written anything else.
_STANDARD = {
    fold(text)
    for text in (
        "Your answer is correct.",
        "Your answer is partially correct.",
        "Your answer is incorrect.",
        "Sua resposta está correta.",
        "Sua resposta está parcialmente correta.",
        "Sua resposta está incorreta.",
        "A sua resposta está correta.",
        "A sua resposta está parcialmente correta.",
        "A sua resposta está incorreta.",
        "Respuesta correcta",
        "Respuesta parcialmente correcta.",
        "Respuesta incorrecta.",
    )
}
_ASIDE = (
    "correctfeedback",
    "partiallycorrectfeedback",
    "incorrectfeedback",
    "hint",
    "graderinfo",
    "responsetemplate",
)


def read_moodle(name: str, root: Element) -> Bank | Unreadable:
    """The bank of a Moodle XML file, whose root is `<quiz>` or a single `<question>`."""
    found, categories = Findings(), Categories()
    questions = [root] if local_name(root) == "question" else root.findall("question")
    for element in questions:
        if element.get("type", "").strip().lower() == "category":
            categories.enter(element)
        elif len(found.items) + len(found.out) == MAX_ITEMS:
            line = line_of(element)
            return Unreadable((Problem(line, 1, "error", "too-many-items", {"most": MAX_ITEMS}),))
        else:
            _read(element, found, categories.current)
    return assemble(
        name,
        "moodle",
        found.items,
        title=categories.bank_title,
        bank_id=categories.bank_id,
        left_out=found.out,
        problems=found.all_problems(),
        images=found.images.values(),
    )


def _read(element: Element, found: Findings, category: str) -> None:
    """Add a question to what was found: as an item, or as one that is left out."""
    kind = element.get("type", "").strip().lower()
    name = label(element.find("name"))
    reader = READERS.get(kind)
    if not reader:
        found.leave_out(line_of(element), name or words(element.find("questiontext")), kind or "?")
        return
    question = Question(element, kind, found)
    tags = Tags(label(tag) for tag in element.iterfind("tags/tag"))
    stem = [question.part("questiontext"), question.files.own_picture(element)]
    item = Item(
        id=question.value("idnumber"),
        id_given=False,
        number="",
        kind="description",
        stem="\n\n".join(filter(None, stem)),
        line=question.line,
        key="missing",
        explanation=question.part("generalfeedback"),
        name=name if name != made_name(element) else "",
        category=category,
    )
    found.items.append(tags.applied(reader(question, item, tags)))
    _note_aside(question)


def _note_aside(question: Question) -> None:
    """Note what the question says beside what an item of ours can say."""
    for element in question.all(*_ASIDE):
        said = words(element)
        if said and fold(said) not in _STANDARD:
            question.found.set_aside(line_of(element), str(element.tag))
