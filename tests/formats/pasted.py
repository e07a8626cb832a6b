"""Three questions of ours in the forms in which people paste questions."""

from collections.abc import Callable

QUESTIONS = [
    ("Qual LED indica falta de sinal óptico?", ["POWER", "LOS", "LAN", "WPS"], 1),
    (
        "O que se confirma antes de abrir a OS?",
        ["O endereço do cliente.", "A cor do roteador.", "O nome do vizinho.", "O tempo."],
        0,
    ),
    (
        "Qual é a faixa normal de potência, em dBm?",
        ["Entre 0 e 5", "Entre -40 e -30", "Entre -8 e -25", "Acima de 10"],
        2,
    ),
]
UPPER, LOWER = "ABCD", "abcd"

Stem = Callable[[int, str], str]
Option = Callable[[int, str, bool], str]
Key = Callable[[int, str], str]


def _text(stem: Stem, option: Option, key: Key | None = None, gap: str = "\n\n") -> str:
    parts: list[str] = []
    for number, (question, options, right) in enumerate(QUESTIONS, start=1):
        lines = [stem(number, question)]
        lines += [option(i, text, i == right) for i, text in enumerate(options)]
        lines += [key(right, options[right])] if key else []
        parts.append("\n".join(lines))
    return gap.join(parts)


def _plain(number: int, stem: str) -> str:
    return f"{number}. {stem}"


def _small(index: int, text: str, _: bool) -> str:
    return f"{LOWER[index]}) {text}"


def _answer(right: int, _: str) -> str:
    return f"Resposta: {UPPER[right]}"


def _tick(is_right: bool, sign: str = "x") -> str:
    return sign if is_right else " "


_LISTED = _text(_plain, _small)

# By name: the file's ending and its text.
FORMS: dict[str, tuple[str, str]] = {
    "small letters": (".md", _text(_plain, _small, _answer)),
    "capitals with points": (
        ".txt",
        _text(lambda n, s: f"{n}) {s}", lambda i, o, k: f"{UPPER[i]}. {o}", _answer),
    ),
    "questão and dashes": (
        ".txt",
        _text(
            lambda n, s: f"Questão {n}\n{s}",
            lambda i, o, k: f"{UPPER[i]} - {o}",
            lambda r, o: f"Gabarito: {UPPER[r]}",
        ),
    ),
    "pergunta and parentheses": (
        ".txt",
        _text(
            lambda n, s: f"Pergunta {n}: {s}",
            lambda i, o, k: f"({UPPER[i]}) {o}",
            lambda r, o: f"Resposta correta: letra {UPPER[r]}",
        ),
    ),
    "Q and brackets": (
        ".txt",
        _text(
            lambda n, s: f"Q{n}. {s}",
            lambda i, o, k: f"[{UPPER[i]}] {o}",
            lambda r, o: f"Answer: {UPPER[r]}",
        ),
    ),
    "bold numbers and bullets": (
        ".md",
        _text(
            lambda n, s: f"**{n}.** {s}",
            lambda i, o, k: f"- {LOWER[i]}) {o}",
            lambda r, o: f"\n**Gabarito:** {UPPER[r]}",
        ),
    ),
    "bold stems": (
        ".md",
        _text(
            lambda n, s: f"**{n}. {s}**",
            lambda i, o, k: f"{LOWER[i]}. {o}",
            lambda r, o: f"\n**Resposta: {UPPER[r]}**",
        ),
    ),
    "headings with numbers": (
        ".md",
        _text(
            lambda n, s: f"## {n}. {s}\n",
            lambda i, o, k: f"- **{UPPER[i]})** {o}",
            lambda r, o: f"\nGab.: {UPPER[r]}",
        ),
    ),
    "headings with questão": (
        ".md",
        _text(
            lambda n, s: f"### Questão {n}\n\n{s}\n",
            lambda i, o, k: f"{UPPER[i]}) {o}\n",
            lambda r, o: f"\n> **Resposta: {UPPER[r]}**",
        ),
    ),
    "keycaps": (
        ".md",
        _text(
            lambda n, s: f"{n}\ufe0f\u20e3 {s}",
            lambda i, o, k: f"{UPPER[i]}) {o}",
            lambda r, o: f"✅ Resposta: {UPPER[r]}",
        ),
    ),
    "no numbers": (".txt", _text(lambda n, s: s, _small, _answer)),
    "no numbers, many gaps": (
        ".txt",
        _text(lambda n, s: f"{s}\n", _small, lambda r, o: f"\nResposta: {UPPER[r]}\n"),
    ),
    "R and a small letter": (".txt", _text(_plain, _small, lambda r, o: f"R: {LOWER[r]}")),
    "numbers alone": (".txt", _text(lambda n, s: f"{n}\n{s}", _small, _answer, gap="\n")),
    "dashes behind numbers": (".txt", _text(lambda n, s: f"{n} - {s}", _small, _answer, gap="\n")),
    "a key list in a line": (".txt", f"{_LISTED}\n\nGabarito: 1-B 2-A 3-C\n"),
    "a key list in lines": (".txt", f"{_LISTED}\n\nGABARITO\n1. B\n2. A\n3. C\n"),
    "a key list in a section": (".md", f"{_LISTED}\n\n## Gabarito\n\n1) B\n2) A\n3) C\n"),
    "a key table": (
        ".md",
        f"{_LISTED}\n\n## Gabarito\n\n| Questão | Resposta |\n|---|---|\n"
        "| 1 | B |\n| 2 | A |\n| 3 | C |\n",
    ),
    "a wide key table": (
        ".md",
        f"{_LISTED}\n\n## Gabarito\n\n| 1 | 2 | 3 |\n|---|---|---|\n| B | A | C |\n",
    ),
    "a key list with remarks": (
        ".md",
        f"{_LISTED}\n\n## Gabarito comentado\n\n"
        "1. **B** – é o LOS\n2. **A** – sempre\n3. **C** – é essa\n",
    ),
    "answers in a later part": (
        ".md",
        _text(lambda n, s: f"**Questão {n}:** {s}", _small)
        + "\n\n## Respostas\n\n**Questão 1:**\n\nÉ o LOS.\n\n**Resposta correta:** b) LOS\n\n"
        + "**Questão 2:**\n\n**Resposta correta:** a)\n\n"
        + "**Questão 3:**\n\n**Resposta correta:** C\n",
    ),
    "details": (
        ".md",
        _text(
            lambda n, s: f"**{n}. {s}**\n",
            lambda i, o, k: f"- {LOWER[i]}) {o}",
            lambda r, o: (
                "\n<details>\n<summary>Ver resposta e explicação</summary>\n\n"
                f"**{UPPER[r]}) {o}**\n\nPorque sim.\n\n</details>"
            ),
        ),
    ),
    "details in a line": (
        ".md",
        _text(
            lambda n, s: f"{n}. {s}\n",
            lambda i, o, k: f"   - {LOWER[i]}) {o}",
            lambda r, o: f"\n<details><summary>Resposta</summary>{UPPER[r]}</details>",
        ),
    ),
    "bold keys": (".md", _text(_plain, lambda i, o, k: f"{LOWER[i]}) {'**' * k}{o}{'**' * k}")),
    "bold keys with letters": (
        ".md",
        _text(_plain, lambda i, o, k: f"{'**' * k}{LOWER[i]}) {o}{'**' * k}"),
    ),
    "(Resposta Correta)": (
        ".md",
        _text(_plain, lambda i, o, k: f"{LOWER[i]}) {o}{' (Resposta Correta)' * k}"),
    ),
    "an arrow": (
        ".txt",
        _text(_plain, lambda i, o, k: f"{LOWER[i]}) {o}{' <-- correta' * k}"),
    ),
    "a star before": (".txt", _text(_plain, lambda i, o, k: f"{'*' * k}{LOWER[i]}) {o}")),
    "a sign of equality before": (
        ".txt",
        _text(_plain, lambda i, o, k: f"{'=' * k}{LOWER[i]}) {o}"),
    ),
    "a tick behind": (".md", _text(_plain, lambda i, o, k: f"{LOWER[i]}) {o}{' ✅' * k}")),
    "ticks and crosses": (".md", _text(_plain, lambda i, o, k: f"{'✅' if k else '❌'} {o}")),
    "a tick between bullet and letter": (
        ".md",
        _text(lambda n, s: f"### {n}. {s}", lambda i, o, k: f"- {'✅ ' * k}{UPPER[i]}) {o}"),
    ),
    "boxes below numbers": (
        ".md",
        _text(
            _plain,
            lambda i, o, k: f"    - [{_tick(k)}] {o}",
            lambda r, o: "    *Explicação: porque sim.*",
        ),
    ),
    "wide boxes": (".md", _text(_plain, lambda i, o, k: f"- [{' x ' if k else ' '}] {o}")),
    "round boxes": (".txt", _text(_plain, lambda i, o, k: f"({_tick(k)}) {o}")),
    "round boxes and letters": (
        ".txt",
        _text(_plain, lambda i, o, k: f"( {_tick(k, 'X')} ) {LOWER[i]}) {o}"),
    ),
    "letters and round boxes": (
        ".txt",
        _text(_plain, lambda i, o, k: f"{LOWER[i]} ( {_tick(k)} ) {o}"),
    ),
    "deep headings": (
        ".md",
        _text(lambda n, s: f"#### {s}", lambda i, o, k: f"- [{_tick(k)}] {o}"),
    ),
    "headings with numbers and boxes": (
        ".md",
        _text(lambda n, s: f"## {n}. {s}\n", lambda i, o, k: f"* [{_tick(k, 'X')}] {o}"),
    ),
    "headings, boxes and letters": (
        ".md",
        _text(
            lambda n, s: f"## Questão {n}: {s}\n",
            lambda i, o, k: f"- [{_tick(k)}] {UPPER[i]}) {o}",
        ),
    ),
    "empty boxes with letters and keys": (
        ".md",
        _text(
            lambda n, s: f"## Pergunta {n}\n\n{s}\n",
            lambda i, o, k: f"- [ ] {UPPER[i]}) {o}",
            lambda r, o: (
                f"\n**Resposta correta:** {UPPER[r]}\n**Explicação:** sim.\n**Nível:** fácil"
            ),
        ),
    ),
    "numbered boxes": (
        ".md",
        "---\nshuffle_questions: false\n---\n\n# Prova\n\n"
        + _text(lambda n, s: f"## {s}\n", lambda i, o, k: f"1. [{_tick(k)}] {o}"),
    ),
    "bold stems and boxes": (
        ".md",
        _text(lambda n, s: f"**{s}**\n", lambda i, o, k: f"- [{_tick(k)}] {o}"),
    ),
    "headings, bullets and ticks": (
        ".md",
        _text(lambda n, s: f"### {s}\n", lambda i, o, k: f"- {o}{' ✅' * k}"),
    ),
    "numbers below numbers": (
        ".md",
        _text(_plain, lambda i, o, k: f"   {i + 1}. {o}", lambda r, o: f"\n   Resposta: {o}"),
    ),
    "bullets and a letter": (
        ".md",
        _text(_plain, lambda i, o, k: f"   - {o}", lambda r, o: f"\n   Resposta: {UPPER[r]}"),
    ),
    "bullets and bold": (".md", _text(_plain, lambda i, o, k: f"   - {'**' * k}{o}{'**' * k}")),
    "a chat": (
        ".txt",
        _text(
            lambda n, s: f"[10:3{n}, 12/03/2026] Ana: {n}) {s}",
            _small,
            lambda r, o: f"[10:40, 12/03/2026] Ana: Resposta: {UPPER[r]}",
            gap="\n",
        ),
    ),
    "another chat": (
        ".txt",
        _text(
            lambda n, s: f"12/03/2026 10:3{n} - Ana: *{n})* {s}",
            lambda i, o, k: f"{'*' * k}{LOWER[i]}) {o}{'*' * k}",
            gap="\n",
        ),
    ),
    "a quote": (
        ".md",
        "\n".join(f"> {line}" for line in _text(_plain, _small, _answer).split("\n")),
    ),
    "options on one line": (
        ".txt",
        "\n\n".join(
            f"{n}. {stem}\n"
            + " ".join(f"{LOWER[i]}) {text}" for i, text in enumerate(options))
            + f"\nResposta: {UPPER[right]}"
            for n, (stem, options, right) in enumerate(QUESTIONS, start=1)
        ),
    ),
    "the key in words": (".txt", _text(_plain, _small, lambda r, o: f"Resposta: {o}")),
    "the key in a letter and words": (
        ".txt",
        _text(_plain, _small, lambda r, o: f"Resposta: {LOWER[r]}) {o}"),
    ),
    "the key in a sentence": (
        ".txt",
        _text(_plain, _small, lambda r, o: f"A resposta correta é a letra {UPPER[r]}."),
    ),
    "the key on the next line": (
        ".txt",
        _text(_plain, _small, lambda r, o: f"Resposta:\n{UPPER[r]}"),
    ),
    "an explanation with a list": (
        ".md",
        _text(
            _plain,
            _small,
            lambda r, o: f"Resposta: {UPPER[r]}\nComentário: porque\n1. sim\n2. não\n3. talvez",
        ),
    ),
    "declared": (
        ".md",
        "---\nformato: questoes/1\nid: x\n---\n" + _text(_plain, _small, _answer),
    ),
}
DRAFTS: dict[str, tuple[str, str]] = {
    "numbers and letters": (".txt", _LISTED),
    "only letters": (".txt", _text(lambda n, s: s, _small)),
    "headings": (".md", _text(lambda n, s: f"## Questão {n}\n\n{s}", _small)),
}
