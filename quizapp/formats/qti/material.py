"""What QTI 1.2 shows: materials in flows, as HTML text; gaps where something is typed."""

from collections.abc import Collection
from html import escape
from xml.etree.ElementTree import Element

from quizapp.formats.qti.markup import GAP
from quizapp.formats.qti.tree import text_of, within

RESPONSES = frozenset(
    {"response_lid", "response_str", "response_num", "response_grp", "response_xy"}
    | {"response_extension"}
)
_FLOWS = frozenset({"flow", "flow_mat", "flow_label", "mat_extension"})
# Blackboard keeps the right sides of a matching in a block of their own.
RIGHT_SIDES = "RIGHT_MATCH_BLOCK"


def html_of_material(element: Element, gaps: Collection[Element] = ()) -> str:
    """The HTML of the materials in an element, those of responses left away.

    A response that is among the gaps leaves a gap, and its own materials stay; a flow, nothing.
    """
    return " ".join(filter(None, (_part(child, gaps) for child in element))).strip()


def rows_of(presentation: Element) -> list[Element]:
    """The flows of a matching that hold one left side each, with its response beside it."""
    flows = (flow for flow in within(presentation, "flow") if flow is not presentation)
    rows = [flow for flow in flows if flow.find("response_lid") is not None]
    return rows if len(rows) == sum(1 for _ in within(presentation, "response_lid")) else []


def _part(element: Element, gaps: Collection[Element]) -> str:
    name = str(element.tag)
    if name in RESPONSES:
        own = html_of_material(element)
        return f"{own} {GAP}" if element in gaps else ""
    if name in _FLOWS:
        if element.get("class") == RIGHT_SIDES or element in gaps:
            return ""
        inner = html_of_material(element, gaps)
        is_block = element.get("class", "").casefold().endswith("block")
        return f"<div>{inner}</div>" if is_block and inner else inner
    match name:
        case "material" | "solution" | "solutionmaterial" | "hint" | "hintmaterial":
            return html_of_material(element)
        case "matbreak":
            return "<br>"
        case "matimage":
            return _image(element)
        case "mattext" | "matemtext" | "mat_formattedtext":
            return _text(element)
    return ""


def _image(element: Element) -> str:
    address, words = element.get("uri", ""), element.get("label", "")
    if not address and element.text:
        kind = element.get("imagtype", "image/png")
        address = f"data:{kind};base64,{''.join(element.text.split())}"
    return f'<img src="{escape(address)}" alt="{escape(words)}">'


def _text(element: Element) -> str:
    text = "".join(element.itertext())
    kind = f"{element.get('texttype', '')} {element.get('type', '')}".casefold()
    if "html" in kind or "smart" in kind:
        return text.strip()
    plain = "<br>".join(escape(line, quote=False) for line in text.strip().split("\n"))
    return f"<em>{plain}</em>" if element.tag == "matemtext" and plain else plain


def label_of(response: Element) -> str:
    """The HTML that stands within a response before what is chosen from."""
    return " ".join(
        filter(None, (_part(child, ()) for child in response if child.tag != "render_choice"))
    ).strip()


def is_text_only(html: str) -> bool:
    """Whether a fragment has no markup."""
    return "<" not in html and "&" not in html


def name_of(element: Element) -> str:
    """What a person calls a question: its title."""
    return " ".join(element.get("title", "").split()) or text_of(element.find("title"))
