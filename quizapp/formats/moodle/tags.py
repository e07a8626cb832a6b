"""Tags of a Moodle question, and the fields of ours that travel among them: `quizapp:fonte=a#b`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from quizapp.formats.bank_fields import DIFFICULTIES, USES
from quizapp.formats.bank_options import truth
from quizapp.formats.model import Item
from quizapp.formats.moodle.terms import FALSE, TRUE
from quizapp.formats.text import fold

PREFIX = "quizapp:"
SOURCE, COMPETENCY, DIFFICULTY, USE = "fonte", "competencia", "dificuldade", "uso"
PINNED, DOUBT, NUMBER, ACCEPTED = "fixa", "duvida", "numero", "aceito"
OPTIONS, RANGE = "opcoes", "faixa"
_DIFFICULTIES = {"easy": "fácil", "medium": "média", "hard": "difícil"}


class Tags:
    """The tags of one question: those that people gave, and our fields by name."""

    def __init__(self, tags: Iterable[str]) -> None:
        found = [tag for tag in tags if tag]
        self.plain = tuple(tag for tag in found if not tag.startswith(PREFIX))
        self.fields: dict[str, list[str]] = {}
        for tag in found:
            if tag.startswith(PREFIX):
                name, _, value = tag.removeprefix(PREFIX).partition("=")
                self.fields.setdefault(name, []).append(value)

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a field."""
        return tuple(self.fields.get(name, ()))

    def one(self, name: str) -> str:
        """The first value of a field, or ""."""
        return next(iter(self.fields.get(name, ())), "")

    def places(self, name: str) -> tuple[int, ...]:
        """The places that a field lists from 1, from 0."""
        values = self.one(name).split(",")
        return tuple(int(v) - 1 for v in values if v.isdecimal() and len(v) < 4 and int(v))

    def applied(self, item: Item) -> Item:
        """The item with its tags and fields."""
        pinned = set(self.places(PINNED))
        doubt = self.places(DOUBT) if item.key == "missing" and DOUBT in self.fields else ()
        return replace(
            item,
            tags=self.plain,
            sources=self.all(SOURCE),
            competencies=self.all(COMPETENCY),
            accepted=self.all(ACCEPTED),
            difficulty=DIFFICULTIES.get(fold(self.one(DIFFICULTY))),
            use=USES.get(fold(self.one(USE)), "exam"),
            number=self.one(NUMBER),
            key="doubtful" if item.key == "missing" and DOUBT in self.fields else item.key,
            doubt=doubt or item.doubt,
            options=tuple(
                replace(option, pinned=True) if place in pinned else option
                for place, option in enumerate(item.options)
            ),
        )


def tags_of(item: Item, position: int) -> Iterator[str]:
    """The tags of an item at its place (from 1), with its fields among them."""
    yield from item.tags
    values = {
        SOURCE: item.sources,
        COMPETENCY: item.competencies,
        DIFFICULTY: (_DIFFICULTIES.get(item.difficulty or "", ""),),
        USE: ("treino" if item.use == "practice" else "",),
        ACCEPTED: item.accepted,
        NUMBER: (item.number if item.number != str(position) else "",),
        PINNED: (_places(i for i, option in enumerate(item.options) if option.pinned),),
        OPTIONS: (_names(item),),
    }
    for name, found in values.items():
        yield from (f"{PREFIX}{name}={value}" for value in found if value)
    if item.key == "doubtful":
        yield f"{PREFIX}{DOUBT}={_places(item.doubt)}"


def _places(places: Iterable[int]) -> str:
    return ",".join(str(place + 1) for place in places)


def _names(item: Item) -> str:
    """What true and false are called, where they are not called that."""
    texts = [option.text for option in item.options]
    if item.kind != "true_false" or len(texts) != 2:
        return ""
    names = texts if truth(texts[0]) is not False else texts[::-1]
    return "" if names == [TRUE, FALSE] else "|".join(names)


def names_of(tags: Tags) -> tuple[str, str]:
    """What true and false are called."""
    names = tags.one(OPTIONS).split("|")
    is_pair = len(names) == len(set(names)) == 2 and all(names)
    return (names[0], names[1]) if is_pair else (TRUE, FALSE)
