"""The categories of a Moodle file: each holds the questions below it, up to the next."""

import re
from xml.etree.ElementTree import Element

from quizapp.formats.front_matter import is_id
from quizapp.formats.moodle.question import label

# The idnumber of the category that is a whole bank of ours begins so; its id follows.
BANK = "quizapp:"

# A slash within a category's name is written twice.
_LEVEL = re.compile(r"(?<!/)/(?!/)")
_CONTEXT = re.compile(r"\$\w+\$")


class Categories:
    """Where in the tree of categories a file is: `current` is the path of what comes next."""

    def __init__(self) -> None:
        self.current = self.bank_id = self.bank_title = ""
        self.bank: list[str] = []

    def enter(self, element: Element) -> None:
        """Go on in the category of an element, known without the course and without the bank."""
        levels = [level.strip() for level in _LEVEL.split(label(element.find("category")))]
        if _CONTEXT.fullmatch(levels[0]):
            del levels[0]
        if levels and levels[0].lower() == "top":
            del levels[0]
        found = label(element.find("idnumber"))
        bank_id = found.removeprefix(BANK)
        if bank_id != found and is_id(bank_id) and levels and not self.bank:
            self.bank, self.bank_id = list(levels), bank_id
            self.bank_title = levels[-1].replace("//", "/")
        if self.bank and levels[: len(self.bank)] == self.bank:
            del levels[: len(self.bank)]
        self.current = "/".join(filter(None, levels))
