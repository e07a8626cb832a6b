"""Short plain text, which is most of what a bank holds, needs no Markdown pass."""

import re

from quizapp.formats.callouts import is_callout

# Begins with a letter, holds nothing that means something in Markdown or could be a link.
_PLAIN = re.compile(
    r"(?![A-Za-z]{1,2}[.)])[^\W\d_](?:[^\W_]|[,.;?!%()“”‘’\"'ºª°–—…/:-]| (?! ))*(?<! )"
)
_LINKED = re.compile(r"://|www\.|\.me/|0[3589]00|\(0?\d\d\)", re.IGNORECASE)


def plain_html(text: str) -> str | None:
    """The HTML of a line in which nothing is marked up, or None where Markdown must look."""
    if not _PLAIN.fullmatch(text) or _LINKED.search(text) or is_callout(text):
        return None
    return text
