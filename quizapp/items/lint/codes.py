"""The codes of the lint: what each weighs unless a bank says otherwise, and its Portuguese names.

What each finds, why, and from where in the literature on item writing: docs/lint.md.
"""

from typing import Literal

Severity = Literal["error", "warning", "info"]
Level = Severity | Literal["off"]

# A warning is what tells the key to who does not know it, hides the question or breaks the item.
SEVERITIES: dict[str, Severity] = {
    "key-longest": "warning",
    "key-position": "warning",
    "grammar-cue": "warning",
    "negative-stem": "warning",
    "stem-unfocused": "info",
    "absolute-word": "info",
    "few-options": "info",
    "all-or-none": "info",
    "option-duplicate": "warning",
    "option-near-duplicate": "warning",
    "option-contains-option": "info",
    "option-cites-letter": "info",
    "no-distractor": "warning",
    "stem-duplicate": "warning",
    "stem-near-duplicate": "info",
    "cut-off": "warning",
    "no-explanation": "info",
    "no-source": "info",
    "source-gone": "warning",
}

ALIASES: dict[str, str] = {
    "chave-longa": "key-longest",
    "gabarito-longo": "key-longest",
    "posicao-do-gabarito": "key-position",
    "pista-gramatical": "grammar-cue",
    "enunciado-negativo": "negative-stem",
    "enunciado-vago": "stem-unfocused",
    "palavra-absoluta": "absolute-word",
    "poucas-alternativas": "few-options",
    "todas-ou-nenhuma": "all-or-none",
    "alternativa-repetida": "option-duplicate",
    "alternativa-quase-repetida": "option-near-duplicate",
    "alternativa-contida": "option-contains-option",
    "alternativa-cita-letra": "option-cites-letter",
    "sem-distrator": "no-distractor",
    "enunciado-repetido": "stem-duplicate",
    "enunciado-quase-repetido": "stem-near-duplicate",
    "cortada": "cut-off",
    "sem-explicacao": "no-explanation",
    "sem-fonte": "no-source",
    "fonte-inexistente": "source-gone",
}

# What a bank may set a code to; "off" takes its findings away.
LEVELS: dict[str, Level] = {
    "error": "error",
    "erro": "error",
    "warning": "warning",
    "aviso": "warning",
    "info": "info",
    "informacao": "info",
    "off": "off",
    "desligado": "off",
    "nao": "off",
}


def code_named(name: str) -> str | None:
    """The code that a name stands for, in either language; nothing for a name that is none."""
    return name if name in SEVERITIES else ALIASES.get(name)
