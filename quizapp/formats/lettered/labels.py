"""The labels of a pasted question: its key, its explanation, what is said of an option."""

import re

from quizapp.formats.lettered.lines import Line
from quizapp.formats.lettered.signs import without_closing

_LABEL_START = re.compile(r"^[^\w(\[]*")
_LETTER_VALUE = (
    r"(?:a |o )?(?:letra|alternativa|op[çc][ãa]o|item)?\s?[(\[*_]{0,3}[A-L](?:\b|(?=[A-L]{1,6}\b))"
)
_KEY = re.compile(
    r"(?:a )?(?:(?:respostas?|gabarito|gab\b\.?|answer|key|chave|resp\b\.?|ans\b\.?)"
    r"(?:\s(?:corret[ao]s?|cert[ao]s?|oficial|final|answer|option|key|da quest[ãa]o \d{1,4})\b)*"
    r"|(?:alternativa|op[çc][ãa]o|letra|item|correct|right)s?"
    r"\s(?:corret[ao]|cert[ao]|answer|option)s?|alternativa|op[çc][ãa]o|letra|r)"
    r"\s*[*_]{0,3}\s?(?:[:=]|[-–—](?=\s))\s*[*_]{0,3}\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_KEY_IN_A_SENTENCE = re.compile(
    r"(?:a )?(?:resposta|alternativa|op[çc][ãa]o|letra|gabarito|answer|solu[çc][ãa]o|solution"
    r"|corret[ao]|cert[ao]|correct)(?:\s(?:corret[ao]|cert[ao]|answer))?\s*[*_]{0,3}\s?"
    rf"(?:[:=]|é|is|[-–—]|(?=\s[A-L]\W*$))\s*[*_]{{0,3}}\s*(?P<value>{_LETTER_VALUE}.*)",
    re.IGNORECASE | re.DOTALL,
)
_EXPLANATION = re.compile(
    r"(?:coment[áa]rios?|explica[çc][ãa]o|explica[çc][õo]es|justificativas?|justifica[çc][ãa]o"
    r"|explanation|rationale|resolu[çc][ãa]o|feedback|fundamenta[çc][ãa]o|por qu[eê])"
    r"(?:\s(?:da resposta|do professor|da quest[ãa]o))?\s*[*_]{0,3}\s?"
    r"(?::|[-–—](?=\s)|$)\s*[*_]{0,3}\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REMARK = re.compile(
    r"(?:justificativa|feedback|coment[áa]rio|explica[çc][ãa]o|explanation)\s"
    r"(?:(?:da )?(?:letra|alternativa|op[çc][ãa]o) )?(?P<letter>[A-L])"
    r"\s*[*_]{0,3}\s?[:–—-]\s*[*_]{0,3}\s*(?P<text>\S.*)",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\W*(?:n[íi]vel|dificuldade|difficulty|level)(?: de dificuldade)?\W*:\W*(?P<value>\w+)\W*",
    re.IGNORECASE,
)
_KEY_LIST = re.compile(
    r"(?:gabaritos?|respostas?|chave(?: de respostas)?|answer key|answers|key)"
    r"(?:\s(?:oficial|final|corretas?|das quest[õo]es|da prova|comentad[oa]))*\W*",
    re.IGNORECASE,
)
_QUESTION_WORDS = re.compile(
    r"\?|_{3,}|\b(?:assinale|marque|escolha|selecione|indique|identifique|aponte|complete|julgue"
    r"|exceto|qual|quais|alternativas?|(?:in)?corret[ao] afirmar|which|what|select|choose)\b",
    re.IGNORECASE,
)
_OPEN_WORDS = re.compile(
    r"\b(?:explique|descreva|cite|justifique|disserte|comente|defina|relate|redija|liste|explain"
    r"|describe|discuss)\b|\?",
    re.IGNORECASE,
)
_SEVERAL_WORDS = re.compile(
    r"\b(?:tod[ao]s [ao]s|quais"
    r"|(?:assinale|marque|selecione|escolha|indique) (?:as|os|duas|dois|tr[êe]s)"
    r"|mais de um[ao]?|all that apply|select (?:all|two|three)|which of the following are)\b",
    re.IGNORECASE,
)
_TRUTH_WORDS = re.compile(
    r"\bV\b.{0,12}\bF\b|\bC\b.{0,12}\bE\b|verdadeir[ao]s?\b.{0,30}\bfals"
    r"|cert[ao]s?\b.{0,20}\berrad",
    re.DOTALL,
)


def key_of(line: Line) -> str | None:
    """What a line says the key is: "B" of `**Gabarito:** B`; "" where it only announces it."""
    if line.is_code:
        return None
    text = _LABEL_START.sub("", line.text)
    match = _KEY.match(text) or _KEY_IN_A_SENTENCE.match(text)
    return match["value"].strip() if match else None


def explanation_of(line: Line) -> str | None:
    """What a line begins to explain: the text behind `Comentário:`; "" for the label alone."""
    if line.is_code:
        return None
    text = _LABEL_START.sub("", line.text)
    match = _EXPLANATION.match(text)
    if not match:
        return None
    opening = re.match(r"[*_]{1,2}", line.text)
    value = match["value"].strip()
    return without_closing(value, opening[0]) if opening else value


def remark_of(line: Line) -> tuple[str, str] | None:
    """The letter of an option and what `Justificativa B:` says of it."""
    match = None if line.is_code else _REMARK.match(_LABEL_START.sub("", line.text))
    return (match["letter"].upper(), match["text"]) if match else None


def level_of(line: Line) -> str:
    """The difficulty that a line gives, as it is written."""
    match = None if line.is_code else _LEVEL.fullmatch(line.text)
    return match["value"] if match else ""


def announces_keys(line: Line) -> bool:
    """Whether a line is the title of a list of keys."""
    return not line.is_code and bool(_KEY_LIST.fullmatch(_LABEL_START.sub("", line.text)))


def is_question_like(text: str) -> bool:
    """Whether a stem asks or tells to choose."""
    return bool(_QUESTION_WORDS.search(text))


def asks_for_words(text: str) -> bool:
    """Whether a stem asks to be answered in words of one's own."""
    return bool(_OPEN_WORDS.search(text))


def asks_for_several(text: str) -> bool:
    """Whether a stem says that more than one option may be right."""
    return bool(_SEVERAL_WORDS.search(text))


def asks_for_truth(text: str) -> bool:
    """Whether a stem asks to judge statements as true or false."""
    return bool(_TRUTH_WORDS.search(text[:2000]))
