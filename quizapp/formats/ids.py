"""Ids written into a native bank's text, and nothing else changed."""

from quizapp.formats.model import Bank
from quizapp.formats.writer import write_markdown


def with_ids(bank: Bank) -> str:
    """The bank's text with the id of every item in it.

    A native text keeps all else as it was written; a bank of another form is written anew.
    """
    if bank.format != "native":
        return write_markdown(bank)
    lines = bank.source.split("\n")
    for item in bank.items:
        if not item.id_given:
            index = item.line - 1
            lines[index] = f"{lines[index].rstrip()} {{#{item.id}}}"
    return "\n".join(lines)


def chunk_of(bank: Bank, item_id: str) -> tuple[int, int]:
    """Where an item stands in its bank's native text: its first line and the one after it, from 0.

    Raises KeyError for an item that is not there.
    """
    lines = [item.line - 1 for item in bank.items]
    position = next((i for i, item in enumerate(bank.items) if item.id == item_id), None)
    if position is None:
        raise KeyError(item_id)
    ends = [*lines[1:], bank.source.count("\n") + 1]
    return lines[position], ends[position]
