"""What a Portuguese or English word's form tells of gender, number and first sound.

Endings, and the common exceptions to them; None where the form does not tell. No dictionary: the
rule that asks is content with silence, not with a guess.
"""

import re

from quizapp.items.lint.words import words_of

_FEMININE = re.compile(
    r"(?:cao|sao|stao|xao|dade|tude|gem|ncia|eza|ura)s?$|(?:coes|soes|stoes|xoes|gens)$"
)
_MASCULINE = re.compile(
    r"(?:o|or|ema|grama|oma|[^aeiou]e?l|[bcdfgkpt]|ch|em|im|om|um)$"
    r"|(?:os|ores|emas|gramas|omas|ons|ens)$|(?:cart|padr|bot|port)(?:ao|oes)$"
)
_ENDS_IN_A = re.compile(r"[^m]as?$")
_IS_FEMININE = words_of(
    "foto fotos moto motos tribo tribos radio cor cores dor dores flor flores rede redes chave"
    " chaves fonte fontes ponte pontes torre torres base bases serie series parte partes frase"
    " classe fase sede sedes equipe equipes internet intranet web tag tags hashtag startup live"
    " nuvem nuvens ordem ordens luz luzes voz vez vezes paz raiz matriz mulher forma plataforma"
    " norma firma cama mao maos lei leis porta tv senha onu ont cpe"
)
_IS_MASCULINE = words_of(
    "dia dias mapa mapas planeta planetas cometa clima climas tema temas prisma idioma sofa wifi"
    " telefone telefones celular celulares nome nomes teste testes suporte suportes gabinete"
    " pacote pacotes limite limites lote lotes poste postes modem modens roteador cabo sinal sinais"
    " canal canais painel paineis nivel niveis switch firewall login token link links servidor"
    " cliente-servidor lugar lugares dolar papel papeis hospital hospitais terminal terminais"
    " aplicativo app apps chip chips led leds e-mail e-mails site sites"
)
_UNSURE = words_of(
    "guia guias caixa cabeca capital cliente clientes agente agentes atendente atendentes gerente"
    " gerentes assistente assistentes estudante servente central centrais filial moral vogal"
    " espiral diagonal final inicial catedral credencial credenciais personagem mais menos muito"
    " pouco outro outra todo toda tanto quanto contra para ora agora fora embora bem sem quem"
)
_SINGULAR_S = words_of(
    "onibus virus lapis status gas mes pais tres mais menos atlas bonus campus corpus antes depois"
    " apenas dns gps sms vpns https inss pis"
)

_VOWEL_SOUND = re.compile(r"hour|honest|honou?r|heir|[aei]|o(?!nce|ne)|un(?!i)|up")
_UNSURE_SOUND = re.compile(r"herb|eu|ewe|u(?!p|n)|uni")


def gender(word: str) -> str | None:
    """Masculine "m" or feminine "f", of a folded Portuguese noun."""
    if word in _UNSURE or len(word) < 3 or word.endswith(("ista", "istas")):
        return None
    if word in _IS_FEMININE or _FEMININE.search(word):
        return "f"
    if word in _IS_MASCULINE or _MASCULINE.search(word):
        return "m"
    return "f" if _ENDS_IN_A.search(word) else None


def number(word: str) -> str | None:
    """Singular "s" or plural "p", of a folded Portuguese noun."""
    if word in _SINGULAR_S or len(word) < 3 or word.endswith("ss"):
        return None
    return "p" if word.endswith("s") else "s"


def begins_with_vowel(word: str) -> bool | None:
    """Whether "an" stands before an English word, as it is written."""
    if word.isupper() or not word[:1].isalpha():
        return None
    folded = word.lower()
    return None if _UNSURE_SOUND.match(folded) else bool(_VOWEL_SOUND.match(folded))


def is_infinitive(word: str) -> bool | None:
    """Whether a folded Portuguese word is a verb's infinitive."""
    if word in _IS_MASCULINE or word in _IS_FEMININE or word in _UNSURE:
        return False
    stem, _, pronoun = word.partition("-")
    if pronoun in ("lo", "la", "los", "las"):
        return True
    if stem.endswith(("ar", "er", "ir")):
        return True if len(stem) > 3 or stem in ("ir", "ver", "ler", "ter", "ser", "dar") else None
    return None if stem.endswith("or") else False
