"""Banks made for a test: small items, exam and practice, of two competencies."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.content import banks, importer, keys
from tests.conftest import TODAY

HEAD = """---
formato: questoes/1
id: {bank}
titulo: Banco {bank}
idioma: pt-BR
---
"""
ITEM = """
## Pergunta {n} de {bank}? {{#{bank}-{n}}}
Uso: {use}
Competências: {competency}
Dificuldade: fácil

- [x] Certo {n}.
- [ ] Errado {n}.
- [ ] Outro {n}.
"""


def bank_text(bank: str, exam: int, practice: int = 0) -> str:
    """A bank: exam items first, then practice; even ones triagem, odd ones registro."""
    return of_uses(bank, ["prova"] * exam + ["treino"] * practice)


def of_uses(bank: str, uses: Iterable[str]) -> str:
    """A bank with an item of each of these uses."""
    return HEAD.format(bank=bank) + "".join(
        ITEM.format(bank=bank, n=n, use=use, competency=("triagem", "registro")[n % 2])
        for n, use in enumerate(uses)
    )


def import_text(session: Session, bank: str, text: str) -> None:
    """Import a bank as a file."""
    files = [importer.File(f"{bank}.md", f"{bank}.md", text.encode())]
    importer.import_files(session, files, by="test", now=clock.now(), today=TODAY)


def publish_keys(session: Session, bank: str) -> None:
    """Publish the keys that a bank's file has."""
    ids = [place.revision.id for place in banks.places(session, banks.find(session, bank))]
    keys.publish(session, bank, ids, by="test", now=clock.now(), review_days=0, second=False)


def add_bank(session: Session, bank: str, exam: int, practice: int = 0) -> None:
    """A bank whose items can be asked."""
    import_text(session, bank, bank_text(bank, exam, practice))
    publish_keys(session, bank)
