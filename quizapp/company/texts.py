"""The texts of the company: banks and programs as files that the importer reads."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.content.importer import File

COMPETENCIES = (
    "triagem",
    "diagnóstico",
    "escalonamento",
    "comunicação",
    "registro",
    "segurança",
    "financeiro",
    "retenção",
)
# (slug, title, what it is about)
PROCEDURES = (
    ("abertura", "Abertura e identificação", "identificação do titular"),
    ("sem-internet", "Cliente sem internet", "queda da conexão"),
    ("lentidao", "Lentidão e Wi-Fi", "velocidade abaixo do plano"),
    ("massivas", "Massivas e escalonamento", "falha que atinge uma região"),
    ("visita-tecnica", "Agendamento de visita técnica", "visita ao endereço"),
    ("fibra", "Fibra e sinal óptico", "potência recebida pela ONU"),
    ("telefonia", "Telefonia fixa", "linha sem tom"),
    ("cobranca", "Cobrança e segunda via", "boleto em atraso"),
    ("contestacao", "Contestação de fatura", "valor que o cliente não reconhece"),
    ("cancelamento", "Cancelamento e retenção", "pedido de cancelamento"),
    ("vendas", "Troca de plano e vendas", "mudança de plano"),
    ("lgpd", "Segurança e LGPD", "dados pessoais do cliente"),
)
# (heading, competency): the last one is tested by no item.
SECTIONS = (
    ("Abertura do atendimento", "triagem"),
    ("Validação de quem fala", "segurança"),
    ("Verificação inicial", "triagem"),
    ("Diagnóstico passo a passo", "diagnóstico"),
    ("O que dizer ao cliente", "comunicação"),
    ("Quando escalar", "escalonamento"),
    ("Registro no sistema", "registro"),
    ("Histórico deste procedimento", ""),
)
ACTS = (
    "Confirme o endereço de instalação antes de qualquer teste.",
    "Leia os atendimentos dos últimos 30 dias e diga ao cliente o que já foi tentado.",
    "Anote o número do protocolo e repita-o devagar.",
    "Peça que o cliente descreva o que vê, com as palavras dele.",
    "Espere dois minutos depois de cada mudança e pergunte o que mudou.",
    "Registre o horário combinado e quem vai retornar.",
    "Se a dúvida continuar, chame o plantão do N2 antes de encerrar.",
    "Não prometa um prazo que o painel não mostra.",
    "Encerre só depois de o cliente confirmar que voltou a funcionar.",
    "Compare o que o painel mostra com o que o cliente conta.",
)
GOOD = (
    "Confirmar o endereço e o titular",
    "Passar o caso ao N2 com o que foi testado",
    "Registrar o protocolo e o que foi dito",
    "Consultar o painel de massivas",
    "Ler o histórico dos últimos 30 dias",
    "Conferir os cabos com o cliente",
    "Combinar um horário de retorno",
)
BAD = (
    "Abrir uma visita técnica de imediato",
    "Pedir que o cliente ligue mais tarde",
    "Reiniciar o equipamento sem avisar",
    "Oferecer um desconto",
    "Encerrar o atendimento",
    "Transferir para outra fila sem explicar",
)
QUESTIONS = (
    "O caso é de {about}. Em “{heading}”, o que vem primeiro?",
    "Um cliente liga por causa de {about}. O que o procedimento pede em “{heading}”?",
    "Colega novo pergunta sobre {about}: o que vale, segundo “{heading}”?",
    "Na fila há três chamados de {about}. Qual conduta segue “{heading}”?",
)


@dataclass(frozen=True)
class Bank:
    """A bank to be made: its items ask about these procedures, in their order."""

    slug: str
    title: str
    procedures: tuple[str, ...]
    items: int
    use: str = "exam"


BANKS = (
    Bank("abertura", "Abertura e identificação", ("abertura",), 10),
    Bank("sem-internet", "Cliente sem internet", ("sem-internet", "massivas"), 12),
    Bank("lentidao", "Lentidão e Wi-Fi", ("lentidao",), 10),
    Bank("cobranca", "Cobrança e segunda via", ("cobranca",), 8),
    Bank("suporte-n1", "Suporte N1", ("sem-internet", "lentidao", "visita-tecnica"), 40),
    Bank("suporte-n2", "Suporte N2", ("massivas", "fibra", "telefonia"), 40),
    Bank("financeiro", "Financeiro", ("cobranca", "contestacao"), 40),
    Bank("retencao", "Retenção e vendas", ("cancelamento", "vendas"), 40),
    Bank("lgpd", "Segurança e LGPD", ("lgpd", "abertura"), 40),
    Bank(
        "treino-suporte", "Treino de suporte", ("sem-internet", "lentidao", "fibra"), 30, "practice"
    ),
    Bank("treino-comercial", "Treino comercial", ("cobranca", "vendas"), 30, "practice"),
)


@dataclass(frozen=True)
class Program:
    """A program to be made: what is read, which quizzes are passed, for how many months."""

    slug: str
    title: str
    reads: tuple[str, ...]
    quizzes: tuple[str, ...]
    months: int
    queues: tuple[str, ...] = ()


PROGRAMS = (
    Program(
        "integracao", "Integração", ("abertura", "lgpd"), ("abertura", "certificacao-lgpd"), 12
    ),
    Program(
        "suporte-n1",
        "Suporte N1",
        ("sem-internet", "lentidao", "visita-tecnica#quando-escalar"),
        ("sem-internet", "lentidao", "certificacao-n1"),
        12,
        ("Suporte N1", "WhatsApp"),
    ),
    Program(
        "suporte-n2", "Suporte N2", ("massivas", "fibra"), ("certificacao-n2",), 12, ("Suporte N2",)
    ),
    Program(
        "financeiro",
        "Financeiro",
        ("cobranca", "contestacao"),
        ("cobranca", "certificacao-financeiro"),
        6,
        ("Financeiro",),
    ),
    Program(
        "retencao", "Retenção", ("cancelamento",), ("certificacao-retencao",), 9, ("Retenção",)
    ),
)


def banks(chance: random.Random) -> list[File]:
    """The banks; one item in thirty cites no section."""
    return [bank_of(bank, _items(bank, range(bank.items), chance)) for bank in BANKS]


def bank_of(bank: Bank, items: Sequence[str]) -> File:
    """A bank of these items, given as their lines."""
    lines = ["---", "formato: questoes/1", f"id: {bank.slug}", f"titulo: {bank.title}"]
    lines += ["idioma: pt-BR", "nota_minima: 75", "---", ""]
    return file(f"questoes-{bank.slug}", [*lines, *items])


def enlarged(bank: Bank, source: str, count: int, chance: random.Random) -> File:
    """A bank's file with so many items more."""
    more = _items(bank, range(bank.items, bank.items + count), chance)
    return file(f"questoes-{bank.slug}", [*source.splitlines(), *more])


def _items(bank: Bank, places: Iterable[int], chance: random.Random) -> list[str]:
    return [line for n in places for line in (*_item(bank, n, chance), "")]


def _item(bank: Bank, n: int, chance: random.Random) -> Iterator[str]:
    slug = bank.procedures[n % len(bank.procedures)]
    title, about = next((title, about) for one, title, about in PROCEDURES if one == slug)
    heading, competency = SECTIONS[n // len(bank.procedures) % (len(SECTIONS) - 1)]
    if slug in ("cobranca", "contestacao"):
        competency = chance.choice((competency, "financeiro"))
    if slug in ("cancelamento", "vendas"):
        competency = chance.choice((competency, "retenção"))
    kind = kind_of(n)
    question = chance.choice(QUESTIONS).format(about=about, heading=heading)
    yield f"## {_asked(kind, question)} (caso {n + 1} de {bank.title}) {{#{bank.slug}-{n + 1:03}}}"
    if n % 30 != 29:
        yield f"Fonte: {slug}#{_anchor(heading)}"
    yield f"Competências: {competency}"
    yield f"Dificuldade: {('fácil', 'média', 'média', 'difícil')[n % 4]}"
    yield f"Uso: {'treino' if bank.use == 'practice' else 'prova'}"
    yield ""
    yield from _options(kind, n, chance)
    yield ""
    yield f"Explicação: está em “{heading}”, de {title}."


def kind_of(n: int) -> str:
    """The kind of a bank's item by its place, from 0: two of three are single choice."""
    return {3: "multiple", 5: "true_false", 7: "multiple", 8: "numeric", 11: "matching"}.get(
        n % 15, {13: "short_answer", 14: "ordering"}.get(n % 15, "single")
    )


def _asked(kind: str, question: str) -> str:
    return {
        "multiple": f"{question} Marque todas as corretas.",
        "true_false": f"{question} “Confirmar o endereço.”",
        "numeric": f"{question} Responda em minutos.",
        "short_answer": f"{question} Responda com uma palavra.",
        "ordering": f"{question} Ponha na ordem.",
        "matching": f"{question} Ligue cada caso à conduta.",
    }.get(kind, question)


def _options(kind: str, n: int, chance: random.Random) -> list[str]:
    good, bad = chance.sample(GOOD, 4), chance.sample(BAD, 3)
    match kind:
        case "true_false":
            marks = ("x", " ") if n % 2 else (" ", "x")
            return [f"- [{marks[0]}] Verdadeiro", f"- [{marks[1]}] Falso"]
        case "numeric":
            least = chance.randrange(2, 40)
            return [f"Resposta: {least}..{least + 2}"]
        case "short_answer":
            return ["Resposta: protocolar", "Resposta: protocolo aberto"]
        case "ordering":
            return [f"{place}. {option}." for place, option in enumerate(good, start=1)]
        case "matching":
            cases = ("Cliente novo", "Cliente com débito", "Cliente em massiva")
            return [f"- {one} -> {option}" for one, option in zip(cases, good, strict=False)]
        case "multiple":
            keys = 2 + n % 2
        case _:
            keys = 1
    options = [("x", option) for option in good[:keys]] + [(" ", option) for option in bad]
    chance.shuffle(options)
    return [f"- [{mark}] {option}." for mark, option in options]


def programs() -> list[File]:
    """The programs: first what is read, then what is passed."""
    files = []
    for one in PROGRAMS:
        lines = ["---", "formato: trilha/1", f"id: {one.slug}", f"titulo: {one.title}"]
        lines += ["idioma: pt-BR", "carga_horaria: 4h", f"validade: {one.months} meses"]
        lines += ["avisos: 60, 30, 7"] + ([f"filas: {', '.join(one.queues)}"] if one.queues else [])
        lines += ["---", "", f"Quem conclui esta trilha trabalha sozinho em {one.title}.", ""]
        steps = [f"Ler: {slug}" for slug in one.reads] + [f"Prova: {slug}" for slug in one.quizzes]
        lines += [f"{n}. {step}" for n, step in enumerate(steps, start=1)]
        files.append(file(f"trilha-{one.slug}", lines))
    return files


def _anchor(heading: str) -> str:
    plain = str.maketrans("áãçéíóúêô", "aaceioueo")
    return heading.lower().translate(plain).replace(" ", "-")


def file(name: str, lines: list[str]) -> File:
    """A file of these lines, as somebody uploads it."""
    # Brought without a folder, as an upload is: pruning a folder does not touch it.
    path = f"{name}.md"
    return File(path, path, "\n".join([*lines, ""]).encode())
