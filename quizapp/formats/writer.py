"""Documents as the Markdown that reads back to the same documents."""

import yaml

from quizapp.formats.amounts import numeric, written
from quizapp.formats.blocks import outline
from quizapp.formats.model import Answer, Bank, Document, Item, Option, Procedure, Unreadable
from quizapp.formats.text import escape_all

_DIFFICULTIES = {"easy": "fácil", "medium": "média", "hard": "difícil"}
_USES = {"exam": "prova", "practice": "treino"}
_TYPES = {
    "single": "única",
    "multiple": "múltipla",
    "essay": "dissertativa",
    "description": "texto",
    "short_answer": "resposta curta",
}


def write_markdown(document: Document) -> str:
    """The document as a file of ours; an unreadable one is an empty text."""
    if isinstance(document, Unreadable):
        return ""
    return _bank(document) if isinstance(document, Bank) else _procedure(document)


def _front_matter(**values: str | float | None) -> str:
    kept = {key: value for key, value in values.items() if value not in (None, "")}
    dumped = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=2**16)
    return f"---\n{dumped}---"


def _procedure(document: Procedure) -> str:
    parts = [
        _front_matter(
            formato="procedimento/1",
            id=document.id,
            titulo=document.title,
            idioma=document.language,
            vigencia=document.in_force_from,
            responsavel=document.owner,
            aprovado_por=document.approved_by,
        )
    ]
    sections = list(document.sections)
    if sections and sections[0].heading == document.title and not sections[0].markdown:
        # A heading that is the title and no more is not read as a section: give it one above.
        parts.append(_heading(document.title, 1))
    for section in sections:
        if section.heading or section.anchor != "inicio":
            parts.append(_heading(section.heading, section.level))
        parts.append(section.markdown)
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(text: str, level: int) -> str:
    return f"{'#' * level} {escape_all(text)}".rstrip()


def _bank(document: Bank) -> str:
    score = document.cut_score
    parts = [
        _front_matter(
            formato="questoes/1",
            id=document.id,
            titulo=document.title,
            idioma=document.language,
            nota_minima=int(score) if score is not None and score == int(score) else score,
        )
    ]
    parts += [write_item(item, position) for position, item in enumerate(document.items, start=1)]
    return "\n\n".join(parts) + "\n"


def write_item(item: Item, position: int) -> str:
    """One item as it stands at its place (from 1) in a native bank."""
    heading, body = _stem(item)
    first = f"## {heading} {{#{item.id}}}" if heading else f"## {{#{item.id}}}"
    if item.kind == "scenario":
        return f"{first}\n\n{item.body}".rstrip()
    blocks = [first, body, "\n".join(_fields(item, position)), _choices(item), _answers(item)]
    blocks.append(_explanation(item.explanation))
    return "\n\n".join(block for block in blocks if block)


def _stem(item: Item) -> tuple[str, str]:
    """The stem's first line, where it is a paragraph of its own, and the rest."""
    first, _, rest = item.stem.partition("\n")
    if not rest:
        return first, ""
    return (first, rest[1:]) if rest.startswith("\n") else ("", item.stem)


def _fields(item: Item, position: int) -> list[str]:
    fields = [
        ("Número", item.number if item.number != str(position) else ""),
        ("Tipo", _type(item)),
        ("Fonte", ", ".join(item.sources)),
        ("Competências", ", ".join(item.competencies)),
        ("Dificuldade", _DIFFICULTIES.get(item.difficulty or "", "")),
        ("Uso", _USES[item.use] if item.use != "exam" else ""),
        ("Etiquetas", ", ".join(item.tags)),
    ]
    return [f"{name}: {value}" for name, value in fields if value]


def _type(item: Item) -> str:
    """The kind, where the text alone would be read as another."""
    keys = sum(bool(option.fraction) for option in item.options)
    if item.kind in ("essay", "description") or (item.kind == "multiple" and keys < 2):
        return _TYPES[item.kind]
    if item.kind == "short_answer" and all(numeric(a.text or "") for a in item.answers):
        return _TYPES[item.kind]
    return ""


def _choices(item: Item) -> str:
    if item.kind == "ordering":
        return "\n".join(
            _entry(f"{number}. ", option.text)
            for number, option in enumerate(item.options, start=1)
        )
    if item.kind == "matching":
        return "\n".join(_entry("- ", f"{left} -> {right}".lstrip()) for left, right in item.pairs)
    return "\n".join(_option(option) for option in item.options)


def _option(option: Option) -> str:
    box = "[x]" if option.fraction else "[ ]"
    pin = " {fixa}" if option.pinned else ""
    lines = [_entry("- ", f"{box} {option.text}{pin}")]
    lines += [f"  > {line}".rstrip() for line in option.feedback.split("\n") if option.feedback]
    return "\n".join(lines)


def _entry(mark: str, text: str) -> str:
    first, *rest = text.split("\n")
    indent = " " * len(mark)
    return "\n".join([mark + first, *(indent + line if line else "" for line in rest)])


def _answers(item: Item) -> str:
    return "\n\n".join(map(_answer, item.answers))


def _answer(answer: Answer) -> str:
    percent = f" ({written(answer.fraction * 100)}%)" if answer.fraction != 1 else ""
    lines = [f"Resposta{percent}: {_value(answer)}"]
    lines += [f"> {line}".rstrip() for line in answer.feedback.split("\n") if answer.feedback]
    return "\n".join(lines)


def _value(answer: Answer) -> str:
    if answer.low is not None and answer.high is not None:
        return f"{written(answer.low)}..{written(answer.high)}"
    if answer.value is None:
        return answer.text or ""
    tolerance = f" ± {written(answer.tolerance)}" if answer.tolerance else ""
    return written(answer.value) + tolerance


def _explanation(text: str) -> str:
    """The explanation; one that begins with a list or a quote stands below its name."""
    if not text:
        return ""
    root, _ = outline(text)
    is_paragraph = bool(root.children) and root.children[0].type == "paragraph"
    return f"Explicação: {text}" if is_paragraph else f"Explicação:\n\n{text}"
