"""Plain text: normalised, stripped of emoji, made into slugs, hashed, escaped for Markdown."""

import hashlib
import re
import unicodedata

# Stands for the `<` of a tag that is none ("<nome do cliente>") while Markdown is parsed.
PLACEHOLDER = "\ue000"
# Stands for `&amp;` while HTML is sanitised: a megabyte of it costs nh3 nine seconds.
AMPERSAND = "\ue001"

# What Python-Markdown marks its finds with, and our own signs, none of which a source may hold.
_SIGNS = re.compile("[\x02\x03\ue000\ue001]")

# One line of Latin letters and signs without space at its end: nothing to normalise.
_TAME = re.compile("(?:[ -~À-ÿ–—“”‘’…º]*[!-~À-ÿ–—“”‘’…º])?")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u2007\u202f]")
# Zero-width and direction marks, and control characters other than tab and newline.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ue000\ue001]"
)

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_RARE = re.compile("[\u0483-\U0010ffff]")
_KEYCAPS = re.compile("((?:[0-9]\ufe0f?\u20e3)+|\U0001f51f)[.)]?\\s*")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u2775\u2794-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\u25a0-\u25ff\u3030\u303d\u3297\u3299\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]"
)
_NUMBER = re.compile(r"(\d+(?:\.\d+)+[.)]?|\d+[.)]|\d+\s*[-–—])\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MAX_SLUG = 80


def normalise(text: str) -> str:
    """The text with one kind of newline and space, composed characters, nothing invisible."""
    if _TAME.fullmatch(text):
        return text
    text = _NEWLINES.sub("\n", text)
    text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return "\n".join(_trim(line) for line in text.split("\n"))


def _trim(line: str) -> str:
    """The line without trailing space, save the two that break a line in Markdown."""
    trimmed = line.rstrip(" \t")
    return trimmed + "  " if trimmed and line.startswith("  ", len(trimmed)) else trimmed


def without_signs(text: str) -> str:
    """The text without the characters that have a meaning while Markdown is parsed."""
    return _SIGNS.sub("", text)


def collapse(text: str) -> str:
    """The text on one line, its words one space apart."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """The text as it is compared: without accents, case and outer space."""
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if _RARE.search(text):
        text = "".join(c for c in text if not unicodedata.combining(c))
    return collapse(text).casefold()


def alphabetical(text: str) -> tuple[str, str]:
    """What texts are sorted by in lists that people read: no database's collation is that sure."""
    return fold(text), text


def content_hash(text: str) -> str:
    """The sha256, in hex, of the text's words; blind to spaces, line ends and composition."""
    return hashlib.sha256(unicodedata.normalize("NFC", collapse(text)).encode()).hexdigest()


def clean_heading(text: str) -> str:
    """A heading as the screen shows it: without emoji, keycaps as plain numbers."""
    return collapse(_EMOJI.sub("", with_plain_keycaps(text)))


def with_plain_keycaps(text: str) -> str:
    """The text with `1️⃣` as `1. `."""
    return _KEYCAPS.sub(_keycap_number, text)


def _keycap_number(match: re.Match[str]) -> str:
    digits = "".join(c for c in match[1] if c.isdigit())
    return f"{digits or '10'}. "


def without_emoji(text: str) -> str:
    """The text without its emoji, on one line."""
    return collapse(_EMOJI.sub("", text))


def slug(text: str) -> str:
    """ASCII words in lower case joined by hyphens, cut at a word; may be empty."""
    ascii_text = fold(text).encode("ascii", "ignore").decode()
    words = _NOT_WORD.sub("-", ascii_text).strip("-")
    if len(words) <= _MAX_SLUG:
        return words
    cut = words[: _MAX_SLUG + 1].rpartition("-")[0]
    return cut or words[:_MAX_SLUG]


def anchor(heading: str, taken: set[str]) -> str:
    """A heading's anchor, unlike those taken: its words, with its number only if need be."""
    number = _NUMBER.match(heading)
    words = slug(heading[number.end() :] if number else heading) or "secao"
    if words not in taken:
        return words
    return unique(slug(heading) or words, taken)


def unique(name: str, taken: set[str]) -> str:
    """The name, or the name with the first of -2, -3… that is free; past a hundred, a free one."""
    if name not in taken:
        return name
    for count in range(2, 100):
        if f"{name}-{count}" not in taken:
            return f"{name}-{count}"
    # Ten thousand of one name would else be looked up one after the other for each.
    used, free = 99, 200
    while f"{name}-{free}" in taken:
        used, free = free, free * 2
    while free - used > 1:
        middle = (used + free) // 2
        used, free = (middle, free) if f"{name}-{middle}" in taken else (used, middle)
    return f"{name}-{free}"


def file_stem(name: str) -> str:
    """A path's last part without its ending."""
    last = re.split(r"[/\\]", name)[-1]
    return last.rpartition(".")[0] or last


def title_from_name(name: str) -> str:
    """A title made from a file name: "procedure-phone-support" gives "Procedure phone support"."""
    words = collapse(re.sub(r"[-_]+", " ", normalise(file_stem(name))))
    return words[:1].upper() + words[1:]


_ESCAPES = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|&(?=#?\w{1,31};)|<(?!https?://|mailto:|[\w.+-]{1,64}@)"
)
_LINE_START = re.compile(
    r"#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|`{3,}|~{3,}|\[(?=[^\]]{1,999}\]:)|[-=_*:|](?=[-=_*:|\s]*$)"
)
_NUMBER_START = re.compile(r"(\d{1,9}|[A-Za-z])(?=[.)](?:\s|$))")
_SPECIAL = {ord(c): "\\" + c for c in r"\`*_{}[]<>&~|!#"}


def escape_text(line: str) -> str:
    """A line of plain text as Markdown: emphasis and links work, accidents do not happen."""
    line = _ESCAPES.sub(lambda match: "\\" + match[0], line.strip())
    if _LINE_START.match(line):
        return "\\" + line
    return _NUMBER_START.sub(r"\1\\", line, count=1) if _NUMBER_START.match(line) else line


def escape_all(line: str) -> str:
    """A line as Markdown that shows exactly its characters."""
    line = line.strip().translate(_SPECIAL)
    if re.match(r"[-+=:](?=[-+=:\s]|$)", line):
        return "\\" + line
    return _NUMBER_START.sub(r"\1\\", line, count=1) if _NUMBER_START.match(line) else line
