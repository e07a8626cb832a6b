"""The content of QTI items as HTML text: what a person is shown before answering."""

import re
from html import escape
from xml.etree.ElementTree import Element

from quizapp.formats.mended_xml import MARK
from quizapp.formats.qti.mathml import line_of_math
from quizapp.formats.qti.tree import text_of

GAP = "_____"

_LAST_GAP = re.compile(rf"<p>\s*{GAP}\s*</p>$")
_EMPTY = frozenset({"br", "hr", "img", "col"})
_ATTRIBUTES = ("src", "alt", "href", "colspan", "rowspan", "start", "type")
_INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
# Shown only after an answer, or never as text.
_ASIDE = {"feedbackInline", "feedbackBlock", "modalFeedback", "templateInline", "templateBlock"}
_ASIDE |= {"printedVariable", "stylesheet", "script", "style", MARK}


def html_of(element: Element) -> str:
    """The HTML inside an element; interactions are their prompts, or gaps within a text."""
    return "".join(_pieces(element)).strip()


def html_of_body(body: Element) -> str:
    """The HTML of an item's body, without a gap that only stands below the text."""
    return _LAST_GAP.sub("", html_of(body))


def _pieces(element: Element, keep_spaces: bool = False) -> list[str]:
    out = [_text(element.text, keep_spaces)]
    for child in element:
        out += _child(child, keep_spaces or child.tag == "pre")
        out.append(_text(child.tail, keep_spaces))
    return out


def _text(text: str | None, keep_spaces: bool) -> str:
    if not text:
        return ""
    if keep_spaces:
        return escape(text, quote=False)
    # The file's own line breaks mean no more than a space.
    words = escape(" ".join(text.split()), quote=False)
    return (" " * text[0].isspace() + words + " " * text[-1].isspace()) if words else " "


def _child(child: Element, keep_spaces: bool) -> list[str]:
    name = str(child.tag)
    if name in _ASIDE or (name == "rubricBlock" and not is_for_candidates(child)):
        return []
    if name in _INLINE:
        return [GAP]
    if name.endswith("Interaction"):
        prompt = child.find("prompt")
        return ["<div>", *_pieces(prompt), "</div>"] if prompt is not None else []
    match name:
        case "math":
            return [escape(line_of_math(child).strip(), quote=False)]
        case "object" if child.get("type", "").startswith("image/"):
            address, alternative = child.get("data", ""), text_of(child)
            return [f'<img src="{escape(address)}" alt="{escape(alternative)}">']
    tag = name if name.islower() else "div"
    attributes = "".join(
        f' {key}="{escape(value)}"' for key in _ATTRIBUTES if (value := child.get(key)) is not None
    )
    if tag in _EMPTY:
        return [f"<{tag}{attributes}>"]
    return [f"<{tag}{attributes}>", *_pieces(child, keep_spaces), f"</{tag}>"]


def is_for_candidates(rubric: Element) -> bool:
    """Whether a rubric is shown to those who answer."""
    return "candidate" in rubric.get("view", "candidate").split()
