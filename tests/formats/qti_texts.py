"""Small files of QTI for tests, written here, and what is asked of them."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from quizapp.formats.model import Bank, Item, Unreadable
from quizapp.formats.reader import read

SAMPLES = Path(__file__).parents[1] / "samples" / "foreign" / "qti"


def sample(name: str) -> Bank:
    return bank_of((SAMPLES / name).read_bytes(), name)


def bank_of(data: bytes | str, name: str = "prova.xml") -> Bank:
    bank = read(name, data.encode() if isinstance(data, str) else data)
    assert isinstance(bank, Bank), bank
    return bank


def packed(files: dict[str, bytes | str]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def folder(name: str, prefix: str = "") -> dict[str, bytes | str]:
    root = SAMPLES / name
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {prefix + path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def fractions(item: Item) -> list[float | None]:
    return [option.fraction for option in item.options]


def codes(bank: Bank | Unreadable) -> list[str]:
    return [problem.code for problem in bank.problems]


CHOICES = "".join(f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "abc")
ONE = (
    '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Qual?</prompt>'
    f"{CHOICES}</choiceInteraction>"
)
SEVERAL = ONE.replace('maxChoices="1"', 'maxChoices="0"')
VARIABLE = '<variable identifier="RESPONSE"/>'
ENTRY = '<p>Qual? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'
MANIFEST = "<manifest><resources>{}</resources></manifest>"


def item_12(presentation: str, processing: str = "", **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f'<questestinterop><item ident="a" title="A"{written}><presentation>{presentation}'
        f"</presentation><resprocessing>{processing}</resprocessing></item></questestinterop>"
    )


def rule(condition: str, points: str, action: str = "Set") -> str:
    return (
        f"<respcondition><conditionvar>{condition}</conditionvar>"
        f'<setvar varname="SCORE" action="{action}">{points}</setvar></respcondition>'
    )


def equal(name: str) -> str:
    return f'<varequal respident="R">{name}</varequal>'


def item_2(
    body: str, declaration: str = "", processing: str = "", feedback: str = "", **attributes: str
) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="A"'
        f'{written}>{declaration}<outcomeDeclaration identifier="SCORE" cardinality="single"'
        ' baseType="float"/><outcomeDeclaration identifier="FB" cardinality="single"'
        f' baseType="identifier"/><itemBody>{body}</itemBody>{processing}{feedback}'
        "</assessmentItem>"
    )


def declared(
    values: str, cardinality: str = "single", base_type: str = "identifier", mapping: str = ""
) -> str:
    correct = "".join(f"<value>{value}</value>" for value in values.split("|") if value)
    correct = f"<correctResponse>{correct}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' baseType="{base_type}">{correct}{mapping}</responseDeclaration>'
    )


def mapped(**points: float) -> str:
    entries = "".join(f'<mapEntry mapKey="{k}" mappedValue="{v}"/>' for k, v in points.items())
    return f'<mapping defaultValue="0">{entries}</mapping>'


def template(name: str) -> str:
    return f'<responseProcessing template="http://x/rptemplates/{name}"/>'


def only(text: str) -> Item:
    (item,) = bank_of(text).items
    return item


def base(value: str, base_type: str = "identifier") -> str:
    return f'<baseValue baseType="{base_type}">{value}</baseValue>'


def scored(condition: str, points: str, name: str = "responseIf", more: str = "") -> str:
    score = f'<setOutcomeValue identifier="SCORE">{base(points, "float")}</setOutcomeValue>'
    return f"<{name}>{condition}{score}{more}</{name}>"


def processing(*branches: str, after: str = "") -> str:
    condition = f"<responseCondition>{''.join(branches)}</responseCondition>"
    return f"<responseProcessing>{condition}{after}</responseProcessing>"


def resource(*names: str, kind: str = "imsqti_item_xmlv2p1", more: str = "") -> str:
    files = "".join(f'<file href="{name}"/>' for name in names)
    return f'<resource identifier="r" type="{kind}" href="{names[0]}">{more}{files}</resource>'
