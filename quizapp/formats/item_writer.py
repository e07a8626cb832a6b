"""An item as the Markdown of a bank, from which it is read again as it was."""

from quizapp.formats.amounts import numeric, percent, written
from quizapp.formats.bank_guards import guard_box, joined_pair, quoted, with_tags
from quizapp.formats.bank_keys import hinting
from quizapp.formats.bank_options import shown_kind
from quizapp.formats.bank_texts import can_follow, can_head, can_stand, last_list
from quizapp.formats.marks import RULE
from quizapp.formats.model import Answer, Item, Option
from quizapp.items.kinds import CHOICE, Kind

DIFFICULTY_NAMES = {"easy": "fácil", "medium": "média", "hard": "difícil"}
USE_NAMES = {"exam": "prova", "practice": "treino"}
_TYPES: dict[Kind, str] = {
    "single": "única",
    "multiple": "múltipla",
    "true_false": "verdadeiro-falso",
    "essay": "dissertativa",
    "description": "texto",
    "short_answer": "resposta curta",
}


def write_item(item: Item, place: int) -> str:
    """The item at its place in the bank, from 1."""
    heading, body = _stem(item.stem)
    first = f"## {heading} {{#{item.id}}}" if heading else f"## {{#{item.id}}}"
    if item.kind == "scenario":
        return f"{first}\n\n{item.body}".rstrip()
    blocks = [first, body, "\n".join(_fields(item, place)), _choices(item), _answers(item)]
    blocks.append(_explanation(item.explanation))
    return "\n\n".join(filter(None, blocks))


def _stem(stem: str) -> tuple[str, str]:
    """The stem's first line, where it is a paragraph of its own, and the rest."""
    first, newline, rest = stem.partition("\n")
    if not newline:
        return (first, "") if can_head(first) else ("", _standing("Enunciado", first))
    below = rest.removeprefix("\n")
    if below != rest and not below.startswith("\n") and can_head(first) and can_stand(below):
        return first, below
    return "", _standing("Enunciado", stem)


def _standing(label: str, text: str) -> str:
    """The text as it is, or as a quote below its label where it would be read as something else."""
    return text if can_stand(text) else f"{label}:\n{quoted(text)}"


def _fields(item: Item, place: int) -> list[str]:
    fields = [
        ("Número", item.number if item.number != str(place) else ""),
        ("Nome", item.name),
        ("Categoria", item.category),
        ("Tipo", _type(item)),
        ("Gabarito", hinting(item.doubt) if item.key == "doubtful" else ""),
        ("Fonte", ", ".join(item.sources)),
        ("Competências", ", ".join(item.competencies)),
        ("Dificuldade", DIFFICULTY_NAMES.get(item.difficulty or "", "")),
        ("Uso", USE_NAMES[item.use] if item.use != "exam" else ""),
        ("Etiquetas", ", ".join(item.tags)),
        ("Aceito", ", ".join(item.accepted)),
    ]
    return [f"{name}: {value}" for name, value in fields if value]


def _type(item: Item) -> str:
    """The kind, where the text alone would be read as another."""
    if item.kind in CHOICE:
        shown = shown_kind([option.text for option in item.options], sum(_ticks(item)))
        return _TYPES[item.kind] if item.kind != shown else ""
    if item.kind in ("essay", "description"):
        return _TYPES[item.kind]
    if item.kind == "short_answer" and all(numeric(a.text or "") for a in item.answers):
        return _TYPES[item.kind]
    return ""


def _ticks(item: Item) -> list[bool]:
    """Which options have their box ticked: all that earn something, or the best where one is."""
    fractions = [option.fraction or 0.0 for option in item.options]
    best = max(fractions, default=0.0)
    if item.kind == "multiple":
        return [fraction > 0 for fraction in fractions]
    is_sure = best == 1 or fractions.count(best) == 1
    return [is_sure and fraction == best > 0 for fraction in fractions]


def _choices(item: Item) -> str:
    if item.kind == "ordering":
        end = ")" if last_list(item.stem) == "." else "."
        return "\n".join(
            _entry(f"{number}{end} ", guard_box(option.text))
            for number, option in enumerate(item.options, start=1)
        )
    mark = "* " if last_list(item.stem) == "-" else "- "
    if item.kind == "matching":
        return "\n".join(_entry(mark, joined_pair(left, right)) for left, right in item.pairs)
    ticks = _ticks(item)
    even = 1 / (sum(ticks) or 1)
    return "\n".join(
        _option(mark, option, is_ticked, even if is_ticked else 0.0)
        for option, is_ticked in zip(item.options, ticks, strict=True)
    )


def _option(mark: str, option: Option, is_ticked: bool, expected: float) -> str:
    """An option, its share behind it where it is not the one expected."""
    share = option.fraction if option.fraction not in (None, expected) else None
    box = "[x]" if is_ticked else "[ ]"
    gap = "\n" if option.text.startswith(("```", "~~~")) else " "
    lines = [_entry(mark, f"{box}{gap}{with_tags(option.text, share, option.pinned)}")]
    lines += [f"  {line}" for line in quoted(option.feedback).split("\n") if option.feedback]
    return "\n".join(lines)


def _entry(mark: str, text: str) -> str:
    first, *rest = text.split("\n")
    if RULE.match(mark + first):
        first, rest = "", [first, *rest]
    indent = " " * len(mark)
    lines = [
        mark + first if first else mark.rstrip(),
        *(indent + line if line else "" for line in rest),
    ]
    return "\n".join(lines)


def _answers(item: Item) -> str:
    return "\n\n".join(map(_answer, item.answers))


def _answer(answer: Answer) -> str:
    share = f" ({percent(answer.fraction)}%)" if answer.fraction != 1 else ""
    line = f"Resposta{share}: {answer_text(answer)}"
    return f"{line}\n{quoted(answer.feedback)}" if answer.feedback else line


def answer_text(answer: Answer) -> str:
    """An accepted answer as it is written: a text, `30 ± 2`, `10..20`."""
    if answer.low is not None and answer.high is not None:
        return f"{written(answer.low)}..{written(answer.high)}"
    if answer.value is None:
        return answer.text or ""
    tolerance = f" ± {written(answer.tolerance)}" if answer.tolerance else ""
    return written(answer.value) + tolerance


def _explanation(text: str) -> str:
    """The explanation; one that does not begin with a sentence stands below its label."""
    if not text:
        return ""
    if not can_stand(text):
        return _standing("Explicação", text)
    return f"Explicação: {text}" if can_follow(text) else f"Explicação:\n\n{text}"
