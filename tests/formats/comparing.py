"""What of two documents must be the same when one was written from the other."""

from dataclasses import replace

from quizapp.formats.model import Bank, Item, Procedure


def items_of(document: Bank) -> list[Item]:
    """The items without their place in the file."""
    return [replace(item, line=0, id_given=True) for item in document.items]


def sections_of(document: Procedure) -> list[tuple[object, ...]]:
    """The sections without their place in the file and their source."""
    return [
        (
            section.anchor,
            section.heading,
            section.level,
            section.text,
            section.html,
            section.hash,
            tuple((step.label, step.text, step.hash) for step in section.steps),
        )
        for section in document.sections
    ]
