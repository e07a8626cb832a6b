"""The company's procedures, and how they change over two years: each state is a file."""

import random
from dataclasses import dataclass
from datetime import date

from quizapp.company import texts
from quizapp.content.importer import File

ACTS_OF = 4  # what a section says to do


@dataclass(frozen=True)
class Edit:
    """What is changed when so much of the time has passed; in force so many days later.

    A section is changed (its text), renamed, added after another, or removed.
    """

    share: float
    slug: str
    how: str
    heading: str
    new: str = ""
    days: int = 0


# What a program asks to be read changes most. The last one is not in force yet.
EDITS = (
    Edit(0.12, "sem-internet", "changed", "Verificação inicial"),
    Edit(0.20, "fibra", "added", "Verificação inicial", "Limpeza do conector"),
    Edit(0.25, "massivas", "renamed", "Quando escalar", "Quando abrir uma massiva"),
    Edit(0.30, "visita-tecnica", "renamed", "Quando escalar", "Quando a visita é urgente"),
    Edit(0.35, "abertura", "changed", "O que dizer ao cliente"),
    Edit(0.40, "lgpd", "added", "Validação de quem fala", "Gravação da chamada"),
    Edit(0.45, "lentidao", "removed", "Registro no sistema"),
    Edit(0.50, "cobranca", "changed", "Diagnóstico passo a passo", days=15),
    Edit(0.55, "visita-tecnica", "changed", "Quando a visita é urgente"),
    Edit(0.60, "sem-internet", "renamed", "O que dizer ao cliente", "O que dizer e o que não"),
    Edit(0.65, "vendas", "removed", "Verificação inicial"),
    Edit(0.70, "cancelamento", "changed", "Validação de quem fala"),
    Edit(0.75, "lgpd", "changed", "Gravação da chamada"),
    Edit(0.80, "contestacao", "rewritten", "Quando escalar", "Quando passar adiante"),
    Edit(0.85, "fibra", "changed", "Diagnóstico passo a passo"),
    Edit(0.90, "sem-internet", "changed", "Verificação inicial"),
    Edit(0.95, "abertura", "added", "Verificação inicial", "Cliente com procuração"),
    Edit(0.97, "massivas", "changed", "Quando abrir uma massiva"),
    Edit(0.985, "cobranca", "changed", "Registro no sistema"),
    Edit(0.99, "lgpd", "changed", "Quando escalar", days=14),
)


@dataclass
class Part:
    """A section: its heading, and what it says to do, in order."""

    heading: str
    acts: list[str]


@dataclass
class Edition:
    """A procedure as it stands."""

    slug: str
    title: str
    about: str
    parts: list[Part]
    said: list[list[str]]  # the acts of all sections that there ever were

    def file(self, in_force_from: date | None = None) -> File:
        """The procedure as somebody uploads it."""
        lines = ["---", "formato: procedimento/1", f"id: {self.slug}", f"titulo: {self.title}"]
        lines += ["responsavel: Qualidade", "aprovado_por: Gerência de Operações"]
        lines += [f"vigencia: {in_force_from}"] if in_force_from else []
        lines += ["---", ""]
        for part in self.parts:
            lines += [f"## {part.heading}", "", f"Vale para {self.about}. {part.acts[0]}", ""]
            lines += [f"{n}. {act}" for n, act in enumerate(part.acts[1:], start=1)] + [""]
        return texts.file(f"procedimento-{self.slug}", lines)

    def change(self, edit: Edit, chance: random.Random) -> None:
        """Make what an edit says of this state."""
        place = next(n for n, part in enumerate(self.parts) if part.heading == edit.heading)
        part = self.parts[place]
        if edit.how == "removed":
            del self.parts[place]
        if edit.how == "added":
            self.parts.insert(place + 1, Part(edit.new, self.acts(chance)))
        if edit.how in ("renamed", "rewritten"):
            part.heading = edit.new
        if edit.how in ("changed", "rewritten"):
            part.acts = self.acts(chance, part.acts[:2] if edit.how == "changed" else [])

    def acts(self, chance: random.Random, kept: list[str] | None = None) -> list[str]:
        """Acts that no section of this procedure ever had in this order."""
        kept = kept or []
        others = [act for act in texts.ACTS if act not in kept]
        while (acts := [*kept, *chance.sample(others, ACTS_OF - len(kept))]) in self.said:
            pass
        self.said.append(acts)
        return acts


def first(chance: random.Random) -> dict[str, Edition]:
    """The procedures as they are at the beginning, each with the same sections; by slug."""
    found = {}
    for slug, title, about in texts.PROCEDURES:
        made = found[slug] = Edition(slug, title, about, [], [])
        made.parts += [Part(heading, made.acts(chance)) for heading, _ in texts.SECTIONS]
    return found
