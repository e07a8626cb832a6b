"""Word documents: structure, counted numbers, keys by looks, pictures, and what is lost is said."""

import random
import re
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.images import image_of
from quizapp.formats.model import Bank, Image, Problem, Procedure, Unreadable
from quizapp.formats.office.docx import docx_to_markdown
from quizapp.formats.reader import read
from tests.formats.pictures import picture, png
from tests.formats.samples import unreadable
from tests.formats.word import (
    docx,
    drawing,
    level,
    numbering,
    p,
    packed,
    root,
    run,
    table,
    uses,
)

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "docx"

LISTS = numbering(
    {
        "steps": level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)"),
        "bullets": level(0, "bullet", "o") + level(1, "bullet", "o"),
        "parts": level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2."),
        "options": level(0, "upperLetter", "%1."),
        "roman": level(0, "upperRoman", "%1 -"),
        "questions": level(0, "decimal", "Questão %1"),
        "late": level(0, "decimal", "%1)", start=4),
    },
    {
        **{str(n): uses(name) for n, name in enumerate(("steps", "bullets", "parts"), start=1)},
        "roman": uses("roman"),
        "questions": uses("questions"),
        "late": uses("late"),
        "again": uses("steps", 1),
        **{f"o{n}": uses("options", 1) for n in range(1, 9)},
    },
)
YELLOW = '<w:highlight w:val="yellow"/>'
RED = '<w:color w:val="FF0000"/>'
UNDERLINED = '<w:u w:val="single"/>'
BOLD = "<w:b/>"


def converted(data: bytes) -> tuple[str, list[Image], list[Problem]]:
    archive = open_archive(data)
    assert isinstance(archive, Archive)
    return docx_to_markdown("a.docx", data, archive)


def markdown(*blocks: str) -> str:
    return converted(docx(*blocks, lists=LISTS))[0]


def said(data: bytes) -> list[tuple[int, str, str, dict[str, str | int]]]:
    return [(p.line, p.severity, p.code, p.args) for p in converted(data)[2]]


def test_styles_in_any_language_give_the_headings() -> None:
    blocks = [
        p("Guia", style="Ttulo"),
        p("Rede", style="Ttulo1"),
        p("Wi-Fi", style="Ttulo2"),
        p("Meu", style="Meu"),
        p("Fundo", style="Esquema"),
        p("Direto", more='<w:outlineLvl w:val="1"/>'),
        p("texto"),
    ]
    text = "# Guia\n\n## Rede\n\n### Wi-Fi\n\n## Meu\n\n#### Fundo\n\n### Direto\n\ntexto\n"
    assert markdown(*blocks) == text
    assert markdown(*blocks[1:3], p("texto")) == "# Rede\n\n## Wi-Fi\n\ntexto\n"


def test_a_procedure_comes_in_as_one() -> None:
    data = docx(
        p("Guia de rede", style="Ttulo"),
        p("Verificação", style="Ttulo1"),
        p("Confirme o titular.", list_id="1"),
        p("Olhe os LEDs.", list_id="1"),
        p("LOS vermelho", list_id="1", rank=1),
        lists=LISTS,
    )
    document = read("guia.docx", data)
    assert isinstance(document, Procedure)
    assert (document.title, document.format) == ("Guia de rede", "docx")
    assert [step.label for step in document.sections[0].steps] == ["1", "2", "2a"]
    assert document.problems == ()


def test_short_paragraphs_in_bold_or_capitals_are_headings_where_no_style_is_used() -> None:
    text = markdown(
        p(run("Guia de rede", BOLD)),
        p("Leia tudo antes de ligar."),
        p("VERIFICAÇÃO"),
        p("Confirme o titular."),
        p(run("1. Cabos", BOLD)),
        p("Olhe os cabos."),
        p(run("1.1 Fibra", BOLD)),
        p("Uma frase ", run("forte", BOLD), " não é título."),
    )
    assert [line for line in text.split("\n") if line.startswith("#")] == [
        "# Guia de rede",
        "## VERIFICAÇÃO",
        "## 1. Cabos",
        "### 1.1 Fibra",
    ]


def test_questions_in_bold_are_no_headings() -> None:
    text = markdown(
        p(run("1. O que indica o LED LOS", BOLD)),
        p("a) Falta de sinal"),
        p("b) Senha errada"),
        p(run("Atenção:", BOLD)),
        p("Leia."),
        p("Leia de novo."),
    )
    assert "#" not in text


def test_numbers_that_word_counts_are_written() -> None:
    text = markdown(
        p("um", list_id="1"),
        p("letra", list_id="1", rank=1),
        p("outra", list_id="1", rank=1),
        p("dois", list_id="1"),
        p("de novo", list_id="1", rank=1),
        p("No meio."),
        p("três", list_id="1"),
        p("Outra lista:"),
        p("um", list_id="again"),
        p("quatro", list_id="late"),
        p("cinco", list_id="late"),
    )
    assert text.split("\n") == [
        "1. um",
        "   a) letra",
        "   b) outra",
        "2. dois",
        "   a) de novo",
        "",
        "No meio.",
        "",
        "3. três",
        "",
        "Outra lista:",
        "",
        "1. um",
        "4) quatro",
        "5) cinco",
        "",
    ]


def test_headings_and_words_keep_the_numbers_that_word_counts() -> None:
    text = markdown(
        p("Rede", style="Ttulo1", list_id="3"),
        p("Fibra", style="Ttulo2", list_id="3", rank=1),
        p("Considere:"),
        p("o LED pisca;", list_id="roman"),
        p("o LED apaga.", list_id="roman"),
        p("Qual?", list_id="questions"),
    )
    assert text.split("\n") == [
        "# 1. Rede",
        "",
        "## 1.1. Fibra",
        "",
        "Considere:",
        "",
        "- I - o LED pisca;",
        "- II - o LED apaga.",
        "",
        "Questão 1",
        "",
        "Qual?",
        "",
    ]


def test_lists_nest_and_what_is_indented_below_an_entry_belongs_to_it() -> None:
    inner = '<w:ind w:left="720"/>'
    text = markdown(
        p("um", list_id="1"),
        p("mais sobre um", more=inner),
        p("bala", list_id="2", rank=1),
        p("dois", list_id="1"),
        p("fora"),
    )
    expected = "1. um\n\n   mais sobre um\n\n   - bala\n2. dois\n\nfora\n"
    assert text == expected


def test_what_is_typed_as_a_list_becomes_one() -> None:
    text = markdown(
        p("1 - Abra o chamado"),
        p("2º Confirme"),
        p("• o nome"),
        p("– o endereço"),
        p("3. Encerre<x>".replace("<x>", "")),
        p("a. por telefone"),
        p("b. por texto"),
        p("A. Silva assina."),
        p("2026. Fim."),
        p("* * *"),
    )
    assert text.split("\n") == [
        "1. Abra o chamado",
        "2. Confirme",
        "- o nome",
        "- o endereço",
        "3. Encerre",
        "   a) por telefone",
        "   b) por texto",
        "",
        "A. Silva assina.",
        "",
        "2026\\. Fim.",
        "",
        "---",
        "",
    ]


def test_lines_of_one_paragraph_are_lines_or_entries() -> None:
    broken = "<w:r><w:br/></w:r>"
    text = markdown(
        p("Linha um", broken, "linha dois"), p("1. Qual?", broken, "a) x", broken, "b) y")
    )
    assert text == "Linha um  \nlinha dois\n\n1. Qual?\n   a) x\n   b) y\n"


def test_what_could_be_taken_for_markdown_is_not() -> None:
    text = markdown(p("---"), p("# não é título"), p("> x"), p(run("<b> 2 * 3")), p("---"))
    assert text == "\\# não é título\n\n\\> x\n\n\\<b> 2 \\* 3\n\n---\n"
    document = read("a.docx", docx(p("Um título"), p("# x *y* <b> &amp; `c` [d](e) | ~~f~~")))
    assert isinstance(document, Procedure)
    assert document.sections[0].text == "# x *y* <b> &amp; `c` [d](e) | ~~f~~"


def test_emphasis_links_quotes_and_code_are_kept() -> None:
    data = docx(
        p(
            run("forte", BOLD),
            run(" e "),
            run("leve", "<w:i/>"),
            " ",
            run("fora", "<w:strike/>"),
            run(" não", '<w:b w:val="0"/>'),
        ),
        p('<w:hyperlink r:id="l1">' + run("portal") + "</w:hyperlink>"),
        p('<w:hyperlink w:anchor="x">' + run("acima") + "</w:hyperlink>"),
        p("palavra dita", style="Citao"),
        p("linha 1", style="Cdigo"),
        p("  linha 2", style="Cdigo"),
        targets={"l1": "https://exemplo.com.br/a b"},
    )
    assert converted(data)[0].split("\n") == [
        "**forte** e *leve* ~~fora~~ não",
        "",
        "[portal](https://exemplo.com.br/a%20b)",
        "",
        "acima",
        "",
        "> palavra dita",
        "",
        "```",
        "linha 1",
        "  linha 2",
        "```",
        "",
    ]


def test_a_field_shows_its_result_and_links() -> None:
    def field(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = '<w:r><w:instrText>HYPERLINK "https://a.com.br"</w:instrText></w:r>'
    link = p(field("begin"), instruction, field("separate"), "aqui", field("end"), " e fora")
    assert markdown(link) == "[aqui](https://a.com.br) e fora\n"


def test_tables_become_tables_and_frames_their_text() -> None:
    bar = p("com | barra") + p("e mais")
    merged = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("larga") + "</w:tc>"
    wide = table(["a", "b"]).replace("<w:tr>", f"<w:tr>{merged}</w:tr><w:tr>", 1)
    text = markdown(
        table([p(run("Sinal", BOLD)), "Valor"], ["RX", bar]), wide, table(["Uma caixa."])
    )
    assert text.split("\n") == [
        "| Sinal | Valor |",
        "| --- | --- |",
        "| RX | com \\| barra<br>e mais |",
        "",
        "| larga |  |",
        "| --- | --- |",
        "| a | b |",
        "",
        "> Uma caixa.",
        "",
    ]


def test_notes_stand_below_their_section() -> None:
    notes = {
        "word/footnotes.xml": root(
            "footnotes",
            f'<w:footnote w:type="separator" w:id="0">{p("x")}</w:footnote>'
            f'<w:footnote w:id="2">{p("Desde 2024.")}</w:footnote>',
        )
    }
    cite = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    data = docx(
        p("A", style="Ttulo1"), p("texto", cite), p("B", style="Ttulo1"), p("fim"), parts=notes
    )
    assert converted(data)[0] == "# A\n\ntexto¹\n\n¹ Desde 2024.\n\n# B\n\nfim\n"


def test_changes_are_accepted_and_comments_and_hidden_words_left_out() -> None:
    data = docx(
        p(
            "fica ",
            f"<w:ins>{run('novo')}</w:ins>",
            "<w:del><w:r><w:delText>velho</w:delText></w:r></w:del>",
            run("oculto", "<w:vanish/>"),
        ),
        parts={"word/comments.xml": root("comments", f"<w:comment>{p('psiu')}</w:comment>")},
    )
    text, _, problems = converted(data)
    assert text == "fica novo\n"
    assert {problem.code: problem.args for problem in problems} == {
        "docx-comments-left-out": {"count": 1},
        "docx-hidden-left-out": {"count": 1},
        "docx-changes-accepted": {"insertions": 1, "deletions": 1},
    }
    assert {problem.severity for problem in problems} == {"info"}


def test_contents_and_frames_are_left_out_and_said() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    contents = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('Rede 3')}</w:sdtContent></w:sdt>"
    )
    kept = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('dentro')}</w:sdtContent></w:sdt>"
    data = docx(
        contents,
        p("Rede 4", style="Sumrio1"),
        kept,
        parts={
            "word/header1.xml": root("hdr", p("Uso interno")),
            "word/header2.xml": root("hdr", p("Uso interno")),
            "word/footer1.xml": root("ftr", p("Página 1 de 9")),
        },
    )
    assert converted(data)[0] == "dentro\n"
    assert [(code, args) for _, _, code, args in said(data)] == [
        ("docx-contents-left-out", {"count": 2}),
        ("docx-frame-left-out", {"text": "Uso interno"}),
    ]


def test_text_boxes_stand_below_their_paragraph_once() -> None:
    inner = f"<wps:txbx><w:txbxContent>{p('na caixa')}</w:txbxContent></wps:txbx>"
    old = f"<w:pict><v:textbox><w:txbxContent>{p('na caixa')}</w:txbxContent></v:textbox></w:pict>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice>"
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    data = docx(p("âncora", box), p("depois"))
    assert converted(data)[0] == "âncora\n\nna caixa\n\ndepois\n"
    assert [code for _, _, code, _ in said(data)] == ["docx-text-boxes"]


def test_objects_and_formulas_are_said_with_their_line() -> None:
    preview = '<v:shape><v:imagedata r:id="x"/></v:shape>'
    thing = f'<w:r><w:object>{preview}<o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    formula = "<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>"
    data = docx(p("um"), p("dois ", formula), p("três", thing))
    assert converted(data)[0] == "um\n\ndois x=2\n\ntrês\n"
    assert [(line, code) for line, _, code, _ in said(data)] == [
        (3, "docx-equation-plain"),
        (5, "docx-object-lost"),
    ]


def test_pictures_come_with_their_description() -> None:
    data = docx(
        p("Tela", style="Ttulo1"),
        p("Veja ", drawing("i1", 'a "tela" [1]'), "."),
        p(drawing("i1")),
        pictures={"i1": png()},
    )
    text, images, problems = converted(data)
    name = image_of(png()).name  # type: ignore[union-attr]
    assert text == f'# Tela\n\nVeja ![a "tela" \\[1\\]]({name}).\n\n![]({name})\n'
    assert images == [image_of(png())]
    assert [(p.line, p.code, p.args) for p in problems] == [
        (5, "image-alt-missing", {"name": "i1.bin"})
    ]
    document = read("a.docx", data)
    assert isinstance(document, Procedure)
    assert document.images == tuple(images)
    assert document.sections[0].html.count("<img") == 2


@pytest.mark.parametrize(
    "data, code",
    [
        (picture("GIF"), "image-refused"),
        (b"\x01\x00\x00\x00" + b" EMF" * 20, "image-refused"),
        (b"\xd7\xcd\xc6\x9a" + b"\x00" * 90, "image-refused"),
        (png(9000, 9000), "image-too-large"),
    ],
)
def test_pictures_of_other_kinds_are_named_and_their_description_stays(
    data: bytes, code: str
) -> None:
    made = docx(p("um"), p(drawing("i1", "mapa")), pictures={"i1": data})
    assert converted(made)[0] == "um\n\nmapa\n"
    assert said(made) == [(3, "warning", code, {"name": "i1.bin"})]


def test_pictures_elsewhere_are_left_there() -> None:
    data = docx(p(drawing("i1", "mapa")), p("x"), targets={"i1": "https://exemplo.com.br/a.png"})
    assert said(data) == [(1, "warning", "image-not-here", {"name": "a.png"})]
    outside = '<Relationships xmlns="x"><Relationship Id="i1" Target="../../../etc/passwd"/>'
    relations = {"word/_rels/document.xml.rels": f"{outside}</Relationships>"}
    hostile = docx(p(drawing("i1")), p("x"), parts=dict(relations))
    assert [code for _, _, code, _ in said(hostile)] == ["image-refused"]


def question(stem: str, options: list[str], list_id: str) -> list[str]:
    return [p(stem, list_id="1"), *(p(option, list_id=list_id) for option in options)]


@pytest.mark.parametrize("look", [YELLOW, RED, UNDERLINED, BOLD, '<w:shd w:fill="00FF00"/>'])
def test_the_only_option_with_a_look_is_put_in_bold(look: str) -> None:
    blocks = [
        *question("Qual LED?", ["PON", run("LOS", look), "PWR"], "o1"),
        *question("Qual porta?", [run("80", look), "443"], "o2"),
    ]
    text, _, problems = converted(docx(*blocks, lists=LISTS))
    assert text.split("\n") == [
        "1. Qual LED?",
        "   A) PON",
        "   B) **LOS**",
        "   C) PWR",
        "2. Qual porta?",
        "   A) **80**",
        "   B) 443",
        "",
    ]
    assert [(p.code, p.args) for p in problems] == [("docx-key-looks", {"count": 2})]


def test_looks_that_all_options_have_mark_none() -> None:
    blocks = question("Qual LED?", [run("PON", RED), run("LOS", RED + BOLD), run("PWR", RED)], "o1")
    blocks += question("Qual porta?", [run("80", BOLD), run("443", BOLD)], "o2")
    text, _, problems = converted(docx(*blocks, lists=LISTS))
    assert "B) **LOS**" in text
    assert [(p.code, p.args) for p in problems] == [("docx-key-looks", {"count": 1})]


def test_two_options_with_the_look_of_keys_are_both_marked() -> None:
    blocks = question("Qual LED?", ["PON", run("LOS", RED), "PWR"], "o1")
    blocks += question("Quais portas?", [run("80", RED), run("443", RED), "22"], "o2")
    text, _, problems = converted(docx(*blocks, lists=LISTS))
    assert "A) **80**\n   B) **443**\n   C) 22" in text
    assert [(p.code, p.args) for p in problems] == [("docx-key-looks", {"count": 1})]


def test_questions_that_word_counts_become_a_bank_with_keys_and_pictures() -> None:
    blocks = [
        p("Prova de fibra", style="Ttulo"),
        p("Qual é este LED? ", drawing("i1", "modem"), list_id="1"),
        *(p(option, list_id="o1") for option in ("PON", run("LOS", YELLOW), "PWR")),
        *question("Qual porta?", [run("80", YELLOW), "443"], "o2"),
        *question("Qual cabo?", [drawing("i1", "cabo"), run("rede", YELLOW)], "o3"),
    ]
    document = read("prova.docx", docx(*blocks, lists=LISTS, pictures={"i1": png()}))
    assert isinstance(document, Bank)
    assert (document.title, document.format) == ("Prova de fibra", "docx")
    keys = [[option.fraction for option in item.options] for item in document.items]
    assert keys == [[0, 1, 0], [1, 0], [0, 1]]
    name = image_of(png()).name  # type: ignore[union-attr]
    assert document.items[0].stem == f"Qual é este LED? ![modem]({name})"
    assert document.items[2].options[0].text == f"![cabo]({name})"
    assert document.images == (image_of(png()),)


@pytest.mark.parametrize(
    "lines", [["Gabarito: 1-B 2-A"], ["Gabarito", "1-B", "2-A"], ["Gabarito:", "1) B", "2) A"]]
)
def test_a_key_at_the_end_of_a_document_is_used(lines: list[str]) -> None:
    typed = ["1. Qual LED?", "a) PON", "b) LOS", "2. Qual porta?", "a) 80", "b) 443", *lines]
    document = read("prova.docx", docx(p("Prova", style="Ttulo"), *map(p, typed)))
    assert isinstance(document, Bank)
    keys = [[option.fraction for option in item.options] for item in document.items]
    assert keys == [[0, 1], [1, 0]]


def test_exclamation_marks_are_keys_and_hashes_comments() -> None:
    data = docx(
        p("Prova de voz", style="Ttulo"),
        p("# aqui as regras"),
        *question("Qual LED?", ["PON", "! LOS", "PWR"], "o1"),
        *question("Qual porta?", [run("!", BOLD) + run(" 80"), "443"], "o2"),
        lists=LISTS,
    )
    document = read("prova.docx", data)
    assert isinstance(document, Bank)
    assert (document.title, document.format) == ("Prova de voz", "docx")
    assert [item.stem for item in document.items] == ["Qual LED?", "Qual porta?"]
    options = [[(o.text, o.fraction) for o in item.options] for item in document.items]
    assert options == [[("PON", 0), ("LOS", 1), ("PWR", 0)], [("80", 1), ("443", 0)]]
    assert [p.code for p in document.problems] == ["docx-key-signs", "docx-comment-lines"]


def test_an_exclamation_in_a_procedure_is_one() -> None:
    text = markdown(*question("Abra a OS.", ["! com cuidado", "com calma"], "o1"), p("# fim"))
    assert text == "1. Abra a OS.\n   A) ! com cuidado\n   B) com calma\n\n\\# fim\n"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not here")
def test_the_corpus_has_its_keys() -> None:
    (file,) = CORPUS.glob("*.docx")
    document = read(file.name, file.read_bytes())
    assert isinstance(document, Bank)
    keys = ["ABCD"[[o.fraction for o in item.options].index(1)] for item in document.items]
    # Its manifest counts five; the second quiz has three questions like the first.
    assert keys == ["C", "B", "A", "C", "B", "A"]
    assert {item.kind for item in document.items} == {"single"}
    assert document.left_out == ()


def test_an_empty_document_is_empty() -> None:
    assert unreadable(docx(p("")), "a.docx") == "empty-file"


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "customXml/item1.xml"])
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>',
    ],
)
def test_a_part_with_a_document_type_refuses_the_file(part: str, doctype: str) -> None:
    encoded = doctype.encode("utf-16" if "UTF-16" in doctype else "utf-8")
    assert unreadable(docx(p("x"), parts={part: encoded}), "a.docx") == "xml-dtd"


@pytest.mark.parametrize(
    "body", ["", "<w:document", "<w:document><w:body>", "texto", '<?xml encoding="x-nada"?><a/>']
)
def test_a_faulty_main_part_is_said(body: str) -> None:
    assert unreadable(docx(parts={"word/document.xml": body}), "a.docx") == "docx-invalid"


def test_other_faulty_parts_are_warned_of() -> None:
    data = docx(p("fica", style="Ttulo1"), p("um", list_id="1"), parts={"word/numbering.xml": "<x"})
    text, _, problems = converted(data)
    assert text == "# fica\n\num\n"
    assert [(p.severity, p.code) for p in problems] == [("warning", "docx-part-lost")]


DEEP = 3000


@pytest.mark.parametrize(
    "body",
    [
        "<w:tbl><w:tr><w:tc>" * DEEP + p("x") + "</w:tc></w:tr></w:tbl>" * DEEP,
        "<w:sdt><w:sdtContent>" * DEEP + p("x") + "</w:sdtContent></w:sdt>" * DEEP,
        "<w:p>" + "<w:ins>" * DEEP + run("x") + "</w:ins>" * DEEP + "</w:p>",
        "<w:p><w:r><w:pict><w:txbxContent>" * DEEP + "</w:txbxContent></w:pict></w:r></w:p>" * DEEP,
        "".join(p("x", list_id="1", rank=n % 12) for n in range(DEEP)),
        "".join(p("texto", list_id=str(1 + n % 3), rank=n % 9) for n in range(DEEP)),
        p(*['<w:r><w:fldChar w:fldCharType="begin"/></w:r>'] * DEEP),
        table(*[["x"] * 60] * 500),
        p(*[run(f"a{n}", BOLD if n % 2 else "") for n in range(DEEP * 3)]),
        "".join(p("! a) x" if n % 2 else "1. y") for n in range(DEEP)),
        f"<w:p>{'<w:r><w:t/></w:r>' * 400_000}</w:p>",
        "<w:p" + "".join(f" a{n}='x'" for n in range(700_000)) + "/>",
    ],
)
def test_odd_bodies_are_read_or_refused_in_time(body: str) -> None:
    start = time.process_time()
    read("a.docx", docx(body, lists=LISTS))
    assert time.process_time() - start < 5


def test_styles_in_a_circle_end() -> None:
    styles = {
        "A": '<w:name w:val="a"/><w:basedOn w:val="B"/>',
        "B": '<w:name w:val="b"/><w:basedOn w:val="A"/>',
    }
    assert converted(docx(p("x", style="A"), styles=styles))[0] == "x\n"


def test_a_zip_that_holds_no_document_is_none() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("leia.txt", "x")
    assert unreadable(file.getvalue(), "a.docx") == "format-unsupported"
    assert packed({"a": "b"})


TAGS = ("w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:pPr", "w:numPr", "w:sdt", "w:ins", "w:del")


@pytest.mark.parametrize("seed", range(60))
def test_a_mutated_document_never_raises(seed: int) -> None:
    chance = random.Random(seed)
    blocks = [
        p("Título", style="Ttulo1"),
        *question("Qual LED?", ["PON", run("LOS", RED)], "o1"),
        table(["a", "b"], [p("c", list_id="2"), p(drawing("i1", "x"))]),
        p("fim", '<w:r><w:footnoteReference w:id="2"/></w:r>'),
    ]
    text = "".join(blocks)
    for _ in range(chance.choice([1, 3, 10])):
        place = chance.randrange(len(text))
        tag = chance.choice(TAGS)
        match chance.randrange(5):
            case 0:
                text = text.replace(f"<{tag}>", "", 1)
            case 1:
                text = text.replace(f"<{tag}", f"<{chance.choice(TAGS)}", 2)
            case 2:
                text = f"{text[:place]}<{tag}/>{text[place:]}"
            case 3:
                value = chance.choice(["", "-1", "9" * 40, "x"])
                text = re.sub(r'w:val="[^"]*"', f'w:val="{value}"', text, count=3)
            case _:
                text = text[:place] + text[place + chance.randrange(30) :]
    data = docx(text, lists=LISTS, pictures={"i1": png()})
    assert isinstance(read("a.docx", data), Procedure | Bank | Unreadable)
