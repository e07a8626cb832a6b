"""Where the content of a page is, and what is but its frame: menus, footers, forms, banners."""

import re

from quizapp.formats.office.web.tree import Node

_NEVER = {
    *("button", "canvas", "datalist", "dialog", "head", "link", "menu", "meta", "noscript"),
    *("script", "select", "style", "svg", "template", "textarea", "title"),
}
_FRAME = {"nav", "header", "footer", "aside", "form"}
_FRAME_ROLES = {
    *("alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu"),
    *("menubar", "navigation", "search", "toolbar"),
}
# Those that are content where they stand in the main part: a title, a remark.
_FRAME_OUTSIDE = {"header", "aside", "banner", "complementary", "alert"}
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|gdpr|lgpd|newsletter|pagination|share|sidebar"
    r"|skip-?(?:link|nav|to)|social|toc|visually-hidden|sr-only|screen-reader-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONG = 400


def main_of(root: Node) -> Node:
    """The element that holds the content, else the body, else all there is."""
    for main in root.outermost("main"):
        if main.says_more_than(0):
            return main
    articles = root.outermost("article")
    if articles:
        lengths = [len(article.text) for article in articles]
        if 3 * max(lengths) > 2 * sum(lengths):
            return articles[lengths.index(max(lengths))]
    bodies = root.outermost("body")
    return bodies[0] if bodies and bodies[0].says_more_than(0) else root


def is_left_out(node: Node, in_main: bool) -> bool:
    """Whether an element is nothing that a reader of the content sees."""
    if node.name in _NEVER or node.get("aria-hidden") == "true" or _is_hidden(node):
        return True
    return is_frame(node, in_main)


def is_frame(node: Node, in_main: bool) -> bool:
    """Whether an element belongs to the frame around the content."""
    role = node.get("role")
    kind = role if role in _FRAME_ROLES else node.name
    if kind in _FRAME or kind in _FRAME_ROLES:
        if kind in _FRAME_OUTSIDE:
            return not in_main and not node.holds
        if kind == "form":
            # Some sites put the whole page into a form.
            return not node.holds and not node.says_more_than(_LONG)
        return not node.holds
    named = f"{node.get('class')} {node.get('id')}".strip()
    return bool(named) and not node.holds and bool(_FRAME_NAMES.search(named))


def frames_around(root: Node, main: Node) -> list[str]:
    """The names of what stands around the main part, each once."""
    found: dict[str, None] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node is main:
            continue
        if is_frame(node, False) and node.says_more_than(0):
            found[name_of(node)] = None
        else:
            stack += [child for child in reversed(node.children) if isinstance(child, Node)]
    return list(found)


def name_of(node: Node) -> str:
    """What somebody who knows the page calls an element."""
    if node.name not in ("div", "section", "ul", "p", "span"):
        return node.name
    return (node.get("id") or node.get("class") or node.name)[:40]


def _is_hidden(node: Node) -> bool:
    return "hidden" in node.attributes or bool(_UNSEEN.search(node.get("style")))


def title_of(root: Node, main: Node) -> str:
    """The title of a page: its first `<h1>` that is shown, else what the browser's tab says."""
    for part in (main, root):
        for node in part.walk():
            if node.name == "h1" and node.text and not _is_hidden(node):
                return node.text
    said = next((node.text for node in root.walk() if node.name == "title" and node.text), "")
    return re.split(r"\s[|·]\s|\s::\s", said)[0].strip()
