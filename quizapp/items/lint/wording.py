"""Stems that ask nothing, options that assert too much."""

import re
from collections.abc import Iterator

from quizapp.items.lint.model import Flaw
from quizapp.items.lint.view import View
from quizapp.items.lint.words import STOP, words_of

_MAX_UNFOCUSED = 12
_PICK = words_of(
    "assinale marque indique selecione escolha identifique aponte julgue analise leia considere"
    " alternativa alternativas opcao opcoes afirmacao afirmacoes afirmativa afirmativas assertiva"
    " assertivas seguinte seguintes following statement statements choose select mark pick correct"
    " correta corretas correto true"
)
_EMPTY = (
    _PICK
    | STOP
    | words_of(
        "item itens questao resposta respostas corretos incorreta incorretas incorreto certa certo"
        " errada errado verdadeira verdadeiras verdadeiro falsa falsas afirmar dizer abaixo seguir"
        " apresenta apresentadas dada dadas unica nao exceto melhor"
        " option options answer answers choice choices false incorrect right wrong one best below"
        " not except all question"
    )
)

_SOME_ABSOLUTE = words_of(
    "sempre nunca jamais absolutamente invariavelmente hipotese circunstancia alguma excecao"
    " excecoes todos todas nenhum nenhuma always never absolutely exception circumstances case"
    " every all"
)
_ABSOLUTE = re.compile(
    r"(?<!quase )(?<!nem )(?<!para )\bsempre\b(?! que\b)|(?<!quase )\b(?:nunca|jamais)\b"
    r"|\b(?:absolutamente|invariavelmente)\b"
    r"|\bem (?:hipotese alguma|(?:nenhuma|qualquer) (?:hipotese|circunstancia))\b"
    r"|\bde (?:forma|maneira) alguma\b|\bsem (?:nenhuma )?excec(?:ao|oes)\b"
    r"|(?<!almost )(?<!nearly )(?<!not )\b(?:always|never)\b(?! mind)"
    r"|\b(?:absolutely|without exception|under no circumstances|in every case)\b"
)
_ALL = re.compile(
    r"(?:todos os|todas as|nenhuma?) (?!d[aeo]s?\b|alternativa|opc|anterior|acima|demais)\w+"
    r"|(?:every|all) (?!of\b|these|the above)\w+"
)
# Where this is the question, "all the teams" is an answer and no claim.
_WHO = words_of("quem quais quantos quantas who whom many")


def stem_unfocused(view: View) -> Iterator[Flaw]:
    """A stem such as "Assinale a correta.", which names nothing that the item is about."""
    words = view.stem.words
    if len(words) > _MAX_UNFOCUSED or _PICK.isdisjoint(words) or view.stem.is_code:
        return
    if _EMPTY.issuperset(words):
        yield Flaw("stem-unfocused")


def absolute_word(view: View) -> Iterator[Flaw]:
    """An option that says always or never, where not all of them do."""
    found: dict[int, str] = {}
    for place, option in enumerate(view.options):
        # "Sempre", "Nunca", "Às vezes" alone are a scale and claim nothing.
        is_claim = len(option.words) > 1 and place not in view.about_others
        if is_claim and not _SOME_ABSOLUTE.isdisjoint(option.words):
            match = _ABSOLUTE.search(option.folded) or (
                _ALL.match(option.folded) if _WHO.isdisjoint(view.stem.words) else None
            )
            if match:
                found[place] = match[0]
    if not found or len(found) == len(view.options):
        return
    # Among distractors it gives the key away; in the key it makes who knows it hesitate.
    wrong = [place for place in found if place not in view.keys]
    place = (wrong or list(found))[0]
    role = "unkeyed" if not view.keys else "distractor" if wrong else "key"
    yield Flaw("absolute-word", place, {"word": found[place], "role": role})
