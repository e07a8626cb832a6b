"""Paragraphs and quotes that stand out."""

import re
from itertools import islice
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from quizapp.formats.text import without_emoji

_CALLOUT = re.compile(
    r"(?:importante|aten[çc][ãa]o|obs|observa[çc](?:[ãa]o|[õo]es)|nota|aviso|cuidado|dica|alerta"
    r"|lembre(?:te|-se)?|important|attention|note|warning|caution|tip|reminder)\.?\s?:",
    re.IGNORECASE,
)
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\][ \t]*")
_LONGEST = 100


class Callouts(Treeprocessor):
    """Marks the paragraphs that warn, "Importante: …", and the quotes that begin with [!NOTE]."""

    def run(self, root: Element) -> None:
        """Look at every paragraph."""
        for paragraph in root.iter("p"):
            if not paragraph.get("class") and is_callout(_beginning(paragraph)):
                paragraph.set("class", "callout")
        for quote in root.iter("blockquote"):
            if len(quote) and quote[0].tag == "p":
                _mark_alert(quote, quote[0])


def is_callout(beginning: str) -> bool:
    """Whether a paragraph that begins so is one that warns."""
    return bool(_CALLOUT.match(without_emoji(beginning)))


def _beginning(paragraph: Element) -> str:
    return "".join(islice(paragraph.itertext(), 8))[:_LONGEST]


def _mark_alert(quote: Element, first: Element) -> None:
    text = first.text or ""
    if alert := _ALERT.match(text):
        rest = text[alert.end() :]
        said = f"{alert[1]}: {rest}" if rest[:1].strip() else alert[1] + rest
        first.text = AtomicString(said)
        quote.set("class", "callout")
