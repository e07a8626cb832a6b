"""The texts of a GIFT file, in any of its four formats, become Markdown of ours."""

import re
import textwrap

from quizapp.formats.fragments import from_auto, from_html, from_text
from quizapp.formats.gift.files import Files, without_files
from quizapp.formats.text import normalise

# One line of words that is its own Markdown: nothing in it has a meaning there.
PLAIN = re.compile(
    r"(?!(?:\d+|[A-Za-z])[.)]|.*  )[0-9A-Za-zÀ-ÖØ-öø-ÿ][0-9A-Za-zÀ-ÖØ-öø-ÿ ,.;?!'\"()/%+–-]*"
)
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
# A text without a format is HTML only where it has tags of HTML: `<nome do cliente>` is none.
_HTML = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|ol|p|pre|s"
    r"|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>"
    r"|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)


def unescape(text: str) -> str:
    """The text with its escapes taken back; `\\n` is a newline."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]


def split_format(text: str, default: str) -> tuple[str, str]:
    """A text's format, said in front of it or else the default, and the text without that."""
    found = _FORMAT.match(text) if "[" in text else None
    return (found[1].lower(), text[found.end() :]) if found else (default, text)


def markdown_of(text: str, form: str, files: Files) -> str:
    """The Markdown of a text as it stands in the file; its pictures are noted in `files`."""
    if form == "markdown":
        # Indentation that the file's lines share is not the text's.
        first, newline, rest = text.partition("\n")
        text = first + newline + textwrap.dedent(rest)
    text = unescape(text)
    files.note(text)
    if form == "markdown":
        return normalise(without_files(text)).strip()
    if form == "html":
        return from_html(text, files.place)
    if form == "moodle" and _HTML.search(text):
        return from_auto(text, files.place)
    return from_text(text)
