"""Texts as people, and accidents, make them."""

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    [
        "Abrir",
        "OS",
        "cliente",
        "sem",
        "sinal",
        "LOS",
        "0800",
        "591",
        "4126",
        "(37)",
        "3366-1016",
        "www.x.com.br",
        "a@b.com.br",
        "R$",
        "5,00",
        "https://x.com/a_b",
        "t.me/x",
        "Atenção:",
        "SLA",
        "e",
        "ou",
        "a",
        "1️⃣",
        "✅",
        "🛠️",
        "**forte**",
        "*Titular*",
        "`código`",
        "[a](#b)",
        "<nome>",
        "<b>",
        "</div>",
        "<!--",
        "|",
        "->",
        "→",
        "&",
        "&amp;",
        "\\",
        "\\*",
        "_x_",
        "{#id}",
        "{fixa}",
        "todas",
        "Todas",
        "![i](j)",
        "~~",
        "[x]",
        "Verdadeiro",
        "Falso",
        "<script>",
        "</script>",
        "[r]:",
        "[r]",
    ]
)
_ODD = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\x0b\x1f\u200b\u2028\ue000 \t"),
    max_size=12,
)
_PHRASE = st.lists(_WORDS | _ODD, max_size=7).map(" ".join)
_MARK = st.sampled_from(
    [
        "",
        "# ",
        "## ",
        "### ",
        "###### ",
        "- ",
        "* ",
        "+ ",
        "• ",
        "- [ ] ",
        "- [x] ",
        "* [X] ",
        "- [] ",
        "1. ",
        "2) ",
        "5 - ",
        "1º ",
        "3.1 ",
        "10. ",
        "a) ",
        "b. ",
        "a - ",
        "> ",
        "> - ",
        "> [!NOTE]",
        "Fonte: ",
        "Dificuldade: fácil",
        "Uso: ",
        "Tipo: ",
        "Tipo: cenário",
        "Resposta: ",
        "Resposta: 30 ± 2",
        "Resposta (50%): ",
        "Explicação: ",
        "**Fonte:** ",
        "Competências: ",
        "```",
        "~~~",
        "---",
        "===",
        "| a | b |",
        "|---|---|",
        "Questão 1",
        "1",
        "2",
        "3",
        "IMPORTANTE",
        "O QUE FAZER?",
        "* URGENTE:",
        "<div>",
        "</div>",
        "- a -> ",
        "Gabarito:",
        "1-A 2-B",
        "Número: 4",
        "Etiquetas: ",
    ]
)
_INDENT = st.sampled_from(["", "", "", " ", "  ", "   ", "    ", "      ", "\t"])
_LINE = st.tuples(_INDENT, _MARK, _PHRASE).map("".join) | st.just("")
_MATTER = st.sampled_from(
    [
        "",
        "",
        "---\nformato: questoes/1\n---\n",
        "---\nformato: procedimento/1\ntitulo: T\n---\n",
        "---\nid: [a\n---\n",
        "---\na: &x 1\nb: *x\n---\n",
        "---\nformato: questoes/1\nnota_minima: x\nvigencia: ontem\n---\n",
        "---\n",
        "\ufeff",
    ]
)


def texts() -> st.SearchStrategy[str]:
    """Lines with the marks of every format in any order, and what stands between them."""
    lines = st.lists(_LINE, max_size=25).map("\n".join)
    return st.tuples(_MATTER, lines).map("".join)


NAMES = st.sampled_from(["a.md", "guia de voz.txt", "1.markdown", "sem-nome", ".md"])


_SIGN = st.sampled_from(
    [
        "1. ",
        "2) ",
        "**3.** ",
        "## 4. ",
        "Questão 5 - ",
        "1️⃣ ",
        "a) ",
        "B. ",
        "(C) ",
        "- a) ",
        "- **b)** ",
        "*c) ",
        "- [x] ",
        "( ) ",
        "✅ ",
        "- ",
        "> ",
        "Resposta: ",
        "**Gabarito:** ",
        "Comentário: ",
        "Justificativa B: ",
        "<details><summary>Resposta</summary>",
        "</details>",
        "Gabarito: 1-A 2-C",
        "## Gabarito",
        "| 1 | A |",
        "---",
        "```",
        "[10:32, 12/03/2026] Ana: ",
        "(V) ",
        "",
    ]
)
_SAID = st.sampled_from(
    [
        "Qual LED?",
        "LOS",
        "B",
        "A e C",
        "letra C",
        "a) sim b) não c) talvez",
        "(correta)",
        "**LOS**",
        "(V)",
        "Falso",
        "( ) V ( ) F",
        "explique",
        "marque as corretas",
        "B) LOS",
        "?",
        "{50%}",
        "{#a}",
    ]
)


def pasted() -> st.SearchStrategy[str]:
    """Lines with the signs of pasted questions in any order."""
    words = st.lists(_SAID, max_size=3).map(" ".join)
    line = st.tuples(st.sampled_from(["", "", "    "]), _SIGN, words).map("".join)
    return st.lists(line, max_size=25).map("\n".join)
