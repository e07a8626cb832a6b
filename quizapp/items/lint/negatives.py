"""Stems that ask for what is not so."""

import re
from collections.abc import Iterator

from quizapp.items.lint.model import Flaw
from quizapp.items.lint.view import View
from quizapp.items.lint.words import words_of

_SOME = words_of(
    "nao exceto excecao incorreta incorreto incorretas incorretos errada errado erradas errados"
    " falsa falso falsas falsos inadequada inadequado inadequadas inadequados invalida invalido not"
    " cannot except incorrect false untrue wrong least isn't aren't wasn't weren't doesn't don't"
    " didn't won't can't shouldn't couldn't wouldn't hasn't haven't mustn't"
)
_NOUN = (
    r"(?:alternativas?|opcao|opcoes|afirmac(?:ao|oes)|afirmativas?|assertivas?|proposic(?:ao|oes)"
    r"|sentencas?|frases?|itens|item|respostas?|informac(?:ao|oes)|condutas?|praticas?|exemplos?)"
)
_PICK = r"(?:assinale|marque|indique|aponte|escolha|identifique|selecione)"
_BAD = r"(?:incorret|errad|fals|inadequad|invalid)[ao]s?"
# Between what asks and "não" no other clause begins: "o que fazer quando o cliente não navega?"
_CLAUSE = (
    r"(?:quando|se|caso|que|cuj[ao]s?|porque|pois|para|por|e|ou|mas|embora|enquanto|sem|onde|ja"
    r"|if|when|that|who|whose|because|since|and|or|but|while|although|where|whether|why|to|for)"
)
_SUBJECT = rf"(?:(?!{_CLAUSE}\b)[\w\"'“”-]+ +){{0,7}}"
_START = r"(?:^|[.?!:;,)]\s+|\n)"
_END = r"\s*(?:[:.?…_]|$)"
_NO_MORE = (
    r"(?=\s*(?:$|[:.?,;…]|sobre\b|quanto\b|em rela|acerca\b|a respeito\b|com\b|[dn][aeo]s?\b))"
)
_IN_A_QUESTION = r"(?=[^.!;]{0,300}(?:[?:]|$))"

# Each has one group: the word at which the eye should stop.
_PATTERNS = [
    re.compile(pattern)
    for pattern in (
        # qual das alternativas não é…; o que o técnico não deve fazer (but no infinitive)
        rf"(?:(?<![ao] )(?<![ao]s )\b(?:qual|quais)|{_START}(?:quem|o que|(?:em |de |com )?que))"
        rf"\s+(?:d[aeo]s?\s+|casos?\s+)?{_SUBJECT}(nao)\s+(?!\w+[aei]r\b(?<!requer)(?<!quer))"
        rf"(?!(?:so|apenas)\b){_IN_A_QUESTION}",
        # assinale a alternativa que não…; a que apresenta uma prática que não…
        rf"\b{_NOUN}\s+(?:a\s+seguir\s+|abaixo\s+)?(?:em\s+)?que\s+(nao)\b",
        rf"\b{_NOUN}\s+que\s+(?:apresenta|indica|contem|traz|descreve|mostra|menciona)\s+uma?\s+"
        rf"{_SUBJECT}(?:que|cuj[ao]s?)\s+{_SUBJECT}(nao)\b",
        r"\bexemplos? de (?:\w+ ){1,3}que (nao)\b",
        rf"\b(?:aquel[ae]|{_PICK} [ao]) que (nao)\b",
        r"\b(nao) (?:e|esta|se pode|podemos|e possivel) (?:corret[ao]|cert[ao]|verdadeir[ao]"
        r"|adequad[ao])?\s*(?:afirmar|dizer|que se afirma|o que se)\b",
        # é incorreto afirmar; assinale a alternativa incorreta; qual afirmação é falsa?
        r"\b(?:e|esta|seria) (incorreto|errado|falso|inadequado)\s*"
        r"(?:afirmar|dizer|o que|que se|concluir|considerar|:)",
        rf"\b(?:{_PICK}|qual|quais)\b[^.?!;:]{{0,60}}\b{_NOUN}"
        rf"(?:\s+(?:abaixo|a seguir|seguintes?))?\s+(?:que\s+)?"
        rf"(?:(?:e|esta|estao|sao|apresenta|contem)\s+)?(?:[ao]\s+)?({_BAD})\b{_NO_MORE}",
        rf"\b(?:qual|quais)\s+(?:d[ao]s\s+)?{_NOUN}\s+{_SUBJECT}(?:e|esta|estao|sao)\s+({_BAD})\b"
        rf"{_NO_MORE}",
        rf"\b{_PICK}\s+[ao]s?\s+({_BAD})\b",
        # ao telefone, o atendente não deve:
        r"\b(nao) (?:e|sao|deve|devem|pode|podem|se deve|se pode|deve ser|podem ser)\s*(?:[:…_]|$)",
        # todas são…, exceto:
        rf"\b(exceto)(?:\s+(?:a|o|uma?|em|n[ao]|qual))?{_END}",
        rf"\b(?:com|a) (excecao) de{_END}",
        # which of these is not…; all of the following except
        rf"\b(?:which|what|who)\s+(?:of\s+)?{_SUBJECT}(not|cannot|\w+n't)\b",
        rf"\b(except)(?:\s+for)?{_END}",
        rf"\b(?:which|what)\s+{_SUBJECT}(?:is|are)\s+(?:an?\s+)?"
        r"(incorrect|false|untrue|wrong|least)\b",
    )
]
# Bold, italics or capitals: the reader's eye stops there.
_CAPITALS = re.compile(
    r"\b(?:NÃO|NAO|EXCETO|EXCEÇÃO|(?:INCORRET|ERRAD|FALS|INADEQUAD|INVÁLID)[AO]S?"
    r"|NOT|CANNOT|EXCEPT|FALSE|INCORRECT|UNTRUE|WRONG|LEAST)\b|N['’]T\b"
)
_MARKED = re.compile(
    r"(?:\*|(?<!\w)_)[^*_\n]{0,40}\b(?:não|nao|exce|incorret|errad|fals|inadequad|inválid|not\b"
    r"|cannot|except|untrue|wrong|least|\w+n['’]t\b)[^*_\n]{0,40}(?:\*|_(?!\w))",
    re.IGNORECASE,
)


def negative_stem(view: View) -> Iterator[Flaw]:
    """A stem that asks for what is not so, and does not make the eye stop at that word."""
    if _SOME.isdisjoint(view.stem.words):
        return
    for pattern in _PATTERNS:
        found = pattern.search(view.stem.folded)
        if found:
            if not _is_emphasised(view.question.stem.strip()):
                yield Flaw("negative-stem", None, {"word": found[1]})
            return


def _is_emphasised(stem: str) -> bool:
    """Whether a negative word stands out; in a stem all in capitals or bold none does."""
    if _CAPITALS.search(stem) and not stem.isupper():
        return True
    if stem.startswith("**") and stem.endswith("**") and stem.count("**") == 2:
        return False
    return bool(_MARKED.search(stem))
