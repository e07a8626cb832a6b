"""XLSX files: sheets and headers, what a cell shows, merged cells, limits and hostile files."""

import time
import tracemalloc
from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from quizapp.content.messages import message
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.model import Bank, Problem, Unreadable
from quizapp.formats.reader import read
from quizapp.formats.tables.numbers import shown_number
from quizapp.formats.tables.workbook import read_sheets
from quizapp.sandbox import Child
from tests.formats.samples import found, unreadable
from tests.formats.sheets import Rows, first_sheet, keys_of, with_part, workbook, xlsx_bank

HEADER = ["Pergunta", "A", "B", "C", "D", "Gabarito"]
QUESTION = ["Qual LED?", "LOS", "PON", "Wi-Fi", "Power", "B"]
SHEET = "xl/worksheets/sheet1.xml"
# Of processor time, and generous: what is not bounded takes minutes.
SECONDS = 5.0
MEGABYTES = 150


def code_of(data: bytes) -> str:
    return unreadable(data, "provas.xlsx")


def with_cells(xml: str) -> bytes:
    """A workbook whose only sheet has this XML for its rows."""
    data = workbook({"Planilha1": [["x"]]})
    begin, end = b"<sheetData>", b"</sheetData>"
    return with_part(
        data,
        SHEET,
        lambda part: part[: part.index(begin) + 11] + xml.encode() + part[part.index(end) :],
    )


# Sheets and headers


def test_a_table_is_found_below_other_lines() -> None:
    rows: Rows = [["Banco do N1"], [], ["Tema:", "Fibra"], ["Revisado em 2026"], HEADER, QUESTION]
    bank = xlsx_bank([*rows[:4], [None, *HEADER], [1, *QUESTION]])
    (item,) = bank.items
    assert (item.line, item.category, keys_of(bank)) == (6, "Fibra", ["B"])
    assert bank.format == "xlsx"


def test_kahoots_template_is_read() -> None:
    header = [
        None,
        "Question - max 120 characters",
        *(f"Answer {n} - max 75 characters" for n in range(1, 5)),
        "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
        "Correct answer(s) - choose at least one",
    ]
    rows: Rows = [
        [None, "Quiz template"],
        [None, "Add questions, at least two answer alternatives, time limit and correct answers"],
        *[[]] * 5,
        header,
        [1, "Which light is red?", "LOS", "PON", "LAN", None, 20, 1],
        [2, "Which two need power?", "ONU", "Paper", "Router", None, 20, "1,3"],
        [3, "Which port is HTTP?", 443, 80, 22, None, 20, 1.3],
        [4, None, None, None, None, None, 20, None],
    ]
    bank = xlsx_bank(rows)
    assert keys_of(bank) == ["A", "AC", "AC"]
    assert [option.text for option in bank.items[2].options] == ["443", "80", "22"]
    assert [item.line for item in bank.items] == [9, 10, 11]


def test_several_columns_of_right_answers_are_one_key() -> None:
    bank = xlsx_bank(
        [
            ["1. Quiz Name:", "Sinal"],
            ["Question Type", "Question", "Answer A", "Answer B", "Answer C"]
            + ["Correct Answer"] * 2,
            ["Multiple choice", "Which?", "a", "b", "c", "A", "C"],
            ["True/False", "It is.", None, None, None, "TRUE"],
        ]
    )
    assert keys_of(bank) == ["AC", "A"]
    assert [item.kind for item in bank.items] == ["multiple", "true_false"]


def test_each_sheet_with_questions_is_read_and_the_others_are_said() -> None:
    bank = xlsx_bank(
        {
            "Fibra": [HEADER, QUESTION],
            "Contatos": [["Nome", "Ramal"], ["NOC", 7]],
            "Vazia": [],
            "Wi-Fi": [HEADER, ["Qual canal?", "1", "6", "11", "14", "zeta"]],
        }
    )
    assert [(item.category, item.number) for item in bank.items] == [("Fibra", "1"), ("Wi-Fi", "2")]
    assert sorted(problem.code for problem in bank.problems) == [
        *("key-missing", "key-option-missing", "sheet-without-questions")
    ]
    for problem in bank.problems:
        named = "Contatos" if problem.code.startswith("sheet") else "Wi-Fi"
        assert f"“{named}”" in message(problem)


def test_numbers_that_two_sheets_have_are_counted_anew() -> None:
    rows = [["Nº", *HEADER], [1, *QUESTION], [2, *QUESTION]]
    bank = xlsx_bank({"Fibra": rows, "Wi-Fi": rows})
    assert [item.number for item in bank.items] == ["1", "2", "3", "4"]


def test_hidden_sheets_are_not_read() -> None:
    data = workbook(
        {"Provas": [HEADER, QUESTION], "Velha": [HEADER, QUESTION, QUESTION]},
        lambda book: book.worksheets()[1].hide(),
    )
    bank = read("a.xlsx", data)
    assert isinstance(bank, Bank)
    assert len(bank.items) == 1


def test_a_workbook_without_questions_is_refused() -> None:
    assert code_of(workbook({"A": [["Nome", "Ramal"], ["NOC", 7]], "B": []})) == "table-not-found"


def test_problems_have_the_row_and_column_of_the_sheet() -> None:
    bank = xlsx_bank([[], HEADER, QUESTION, ["Quem?", "a", "b", None, None, "z"]])
    problem = next(p for p in bank.problems if p.code == "key-option-missing")
    assert (problem.line, problem.column) == (4, 6)


# What a cell shows


def test_numbers_dates_and_truths_are_read_as_they_are_shown() -> None:
    def finish(book: Workbook) -> None:
        sheet = first_sheet(book)
        forms = ["0%", "dd/mm/yyyy", '"R$" #,##0.00', "0000", "hh:mm", '0" min"', "0.00", "@"]
        values = [0.8, date(2026, 12, 31), 1234.5, 800, 0.5, 30, 2.5, 7]
        for column, (value, form) in enumerate(zip(values, forms, strict=True), start=1):
            sheet.write(1, column, value, book.add_format({"num_format": form}))

    header = ["Pergunta", *(f"Opção {n}" for n in range(1, 9)), "Gabarito"]
    row = ["Quanto?", *[None] * 8, "80%"]
    bank = read("a.xlsx", workbook({"Planilha1": [header, row]}, finish))
    assert isinstance(bank, Bank)
    assert [option.text for option in bank.items[0].options] == [
        *("80%", "31/12/2026", "R$ 1.234,50", "0800", "12:00", "30 min", "2,50", "7")
    ]
    assert keys_of(bank) == ["A"]


@pytest.mark.parametrize(
    "text, code, shown",
    [
        ("1", "", "1"),
        ("1.0", "General", "1"),
        ("1.5", "", "1,5"),
        ("0.30000000000000004", "", "0,3"),
        ("-0.125", "0.0%", "-12,5%"),
        ("-1234", "#,##0", "-1.234"),
        ("46022", "[$-416]d mmm yyyy;@", "31/12/2025"),
        ("1e300", "", "1e300"),
        ("1e10", "yyyy", "10000000000"),
        ("abc", "0", "abc"),
        ("NaN", "0", "NaN"),
        ("5", '[Red]0" d"', "5 d"),
        ("5", '"só texto"', "5"),
    ],
)
def test_a_number_is_shown_in_its_format(text: str, code: str, shown: str) -> None:
    assert shown_number(text, code) == shown


def test_dates_may_count_from_1904() -> None:
    assert shown_number("0", "dd/mm/yyyy", is_1904=True) == "01/01/1904"


def test_truths_of_the_spreadsheet_are_keys() -> None:
    bank = xlsx_bank([["Afirmação", "Verdadeiro?"], ["Um.", True], ["Dois.", False]])
    assert keys_of(bank) == ["A", "B"]


def test_a_formula_is_what_it_came_to() -> None:
    def finish(book: Workbook) -> None:
        first_sheet(book).write_formula(1, 1, "=1+1", None, "dois")

    bank = read(
        "a.xlsx", workbook({"P": [HEADER, ["Quanto?", None, "x", None, None, "A"]]}, finish)
    )
    assert isinstance(bank, Bank)
    assert bank.items[0].options[0].text == "dois"


def test_an_error_in_a_cell_is_said() -> None:
    row = "".join(
        f'<c r="{letter}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABF", ["Quanto?", "x", "A"], strict=True)
    )
    header = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><r><t>{text}</t></r></is></c>'
        for letter, text in zip("ABCDEF", HEADER, strict=True)
    )
    error = '<c r="C2" t="e"><v>#REF!</v></c>'
    bank = read("a.xlsx", with_cells(f'<row r="1">{header}</row><row r="2">{row}{error}</row>'))
    assert isinstance(bank, Bank)
    assert found(bank) == [(2, "table-cell-error")]
    assert bank.problems[0].column == 3


def test_odd_characters_are_written_out_and_halves_of_one_dropped() -> None:
    cells = "".join(
        f'<c r="{letter}{line}" t="inlineStr"><is><t>{text}</t></is></c>'
        for line, row in ((1, HEADER), (2, ["Qual_x003F__xD800_", "a", "b", "", "", "A"]))
        for letter, text in zip("ABCDEF", row, strict=True)
    )
    xml = f'<row r="1">{cells}'.replace('<c r="A2"', '</row><row r="2"><c r="A2"') + "</row>"
    bank = read("a.xlsx", with_cells(xml))
    assert isinstance(bank, Bank)
    assert bank.items[0].stem == "Qual?"


def test_line_breaks_and_odd_spaces_in_cells_are_normal() -> None:
    bank = xlsx_bank([HEADER, ["Qual\nLED?\u200b", "a\u00a0b", "c", None, None, "B"]])
    assert (bank.items[0].stem, bank.items[0].options[0].text) == ("Qual  \nLED?", "a b")


# Merged cells


def test_a_merged_subject_is_that_of_all_its_rows() -> None:
    rows: Rows = [["Assunto", *HEADER], ["Fibra", *QUESTION], [None, *QUESTION], [None, *QUESTION]]
    data = workbook({"P": rows}, lambda book: first_sheet(book).merge_range("A2:A3", "Fibra", None))
    bank = read("a.xlsx", data)
    assert isinstance(bank, Bank)
    assert [item.category for item in bank.items] == ["Fibra", "Fibra", ""]


def test_a_title_across_the_columns_is_no_question() -> None:
    rows: Rows = [HEADER, QUESTION, ["Módulo 2"], QUESTION]
    data = workbook({"P": rows}, lambda book: first_sheet(book).merge_range("A3:F3", "Módulo 2"))
    bank = read("a.xlsx", data)
    assert isinstance(bank, Bank)
    assert (len(bank.items), bank.left_out) == (2, ())
    assert found(bank) == [(3, "table-row-aside")]


def test_a_header_of_two_merged_rows_is_one() -> None:
    def finish(book: Workbook) -> None:
        sheet = first_sheet(book)
        sheet.merge_range("A1:A2", "Pergunta")
        sheet.merge_range("B1:E1", "Alternativas")
        sheet.merge_range("F1:F2", "Gabarito")

    rows: Rows = [[], [None, "A", "B", "C", "D"], QUESTION]
    bank = read("a.xlsx", workbook({"P": rows}, finish))
    assert isinstance(bank, Bank)
    assert keys_of(bank) == ["B"]


# Beside another reader


def test_cells_are_those_that_another_reader_finds() -> None:
    rows: Rows = [
        ["a", None, "b & <c>", "", 7],
        [],
        [None, 1.5, True, "ação\nlinha", "_x0041_"],
        ["'=1", -3, False, "  x", None],
    ]
    data = workbook({"Um": rows, "Dois": [["z"]]})
    archive = open_archive(data)
    assert isinstance(archive, Archive)
    ours = read_sheets(archive)
    assert isinstance(ours, list)
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert [sheet.name for sheet in ours] == book.sheet_names
    for sheet in ours:
        theirs = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        lines = {row.line: row.cells for row in sheet.rows}
        for line, cells in enumerate(theirs, start=1):
            shown = [_shown(cell) for cell in cells]
            while shown and not shown[-1]:
                shown.pop()
            assert lines.get(line, []) == shown


def _shown(cell: object) -> str:
    if isinstance(cell, bool):
        return "VERDADEIRO" if cell else "FALSO"
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", ",")
    return str(cell)


# Limits and hostile files


def measured(data: bytes) -> tuple[Bank | Unreadable, float]:
    """What a file is read as, and the megabytes that this took."""
    tracemalloc.start()
    start = time.process_time()
    document = read("a.xlsx", data)
    seconds = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1] / 1024**2
    tracemalloc.stop()
    assert seconds < SECONDS * 3  # tracing takes its time
    assert isinstance(document, Bank | Unreadable)
    return document, peak


def test_a_cell_in_the_last_row_and_column_is_refused_at_once() -> None:
    def finish(book: Workbook) -> None:
        first_sheet(book).write(1_048_575, 16_383, "z")

    document, megabytes = measured(workbook({"P": [HEADER, QUESTION]}, finish))
    assert document.problems == (
        Problem(1_048_576, 16_384, "error", "table-too-large", {"rows": 50_000, "columns": 200}),
    )
    assert megabytes < 10


def test_a_sheet_that_says_that_it_is_huge_is_read_as_it_is() -> None:
    data = with_part(
        workbook({"P": [HEADER, QUESTION]}),
        SHEET,
        lambda part: part.replace(b'ref="A1:F2"', b'ref="A1:XFD1048576"'),
    )
    document, megabytes = measured(data)
    assert isinstance(document, Bank)
    assert megabytes < 10


def test_empty_cells_anywhere_do_no_harm() -> None:
    row = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    data = with_part(
        workbook({"P": [HEADER, QUESTION]}),
        SHEET,
        lambda part: part.replace(b"</sheetData>", row.encode() + b"</sheetData>"),
    )
    assert isinstance(read("a.xlsx", data), Bank)


def test_a_text_that_many_cells_share_is_counted_for_each() -> None:
    shared = '<c t="s"><v>0</v></c>' * 100
    rows = "".join(f"<row>{shared}</row>" for _ in range(300))
    data = with_part(
        with_cells(rows),
        "xl/sharedStrings.xml",
        lambda part: part.replace(b"<t>x</t>", b"<t>" + b"x" * 30_000 + b"</t>"),
    )
    document, megabytes = measured(data)
    assert document.problems[0].code == "table-too-large"
    assert megabytes < MEGABYTES


def test_a_cell_longer_than_excel_has_is_refused() -> None:
    cell = f'<c r="B2" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>'
    document, _ = measured(with_cells(f'<row r="2">{cell}</row>'))
    (problem,) = document.problems
    assert (problem.line, problem.column, problem.code) == (2, 2, "table-cell-too-long")


def test_millions_of_elements_are_not_all_read() -> None:
    document, megabytes = measured(with_cells("<row>" + "<c/>" * 3_500_000 + "</row>"))
    assert document.problems[0].code in ("table-too-large", "archive-unsafe")
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("count", [1, 20_000])
def test_merged_cells_without_end_are_bounded(count: int) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 3))
    merged = '<mergeCell ref="A1:XFD1048576"/>' * count
    data = with_part(
        with_cells(rows),
        SHEET,
        lambda part: part.replace(
            b"</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>".encode()
        ),
    )
    document, megabytes = measured(data)
    assert document.problems[-1].code == ("table-not-found" if count == 1 else "table-too-large")
    assert megabytes < MEGABYTES


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_a_document_type_in_any_part_is_refused(part: str) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = with_part(
        workbook({"P": [HEADER, QUESTION]}), part, lambda xml: xml.replace(b"?>", b"?>" + bomb, 1)
    )
    assert code_of(data) == "xml-dtd"


@pytest.mark.parametrize(
    "part, old, new, code",
    [
        (SHEET, b"</sheetData>", b"", "xlsx-invalid"),
        (SHEET, b'r="A1"', b'r="7"', "xlsx-invalid"),
        (SHEET, b'<row r="1"', b'<row r="-1"', "xlsx-invalid"),
        (SHEET, b"<v>0</v>", b"<v>x</v>", "xlsx-invalid"),
        ("xl/workbook.xml", b"<sheets>", b"", "xml-invalid"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../etc", "xlsx-invalid"),
        ("xl/sharedStrings.xml", b"</sst>", b"", "xlsx-invalid"),
        ("xl/styles.xml", b"</styleSheet>", b"", "xml-invalid"),
    ],
)
def test_damaged_parts_are_refused(part: str, old: bytes, new: bytes, code: str) -> None:
    data = workbook({"P": [HEADER, QUESTION]})
    damaged = with_part(data, part, lambda xml: xml.replace(old, new, 1))
    assert damaged != data
    assert code_of(damaged) == code


def test_a_shared_text_that_is_not_there_is_empty() -> None:
    data = with_part(
        workbook({"P": [HEADER, QUESTION]}),
        SHEET,
        lambda xml: xml.replace(b"<v>9</v>", b"<v>999</v>"),
    )
    assert isinstance(read("a.xlsx", data), Bank)


def test_a_table_of_thousands_of_rows_is_read_in_little_memory() -> None:
    rows: Rows = [HEADER, *([f"Qual é o LED {n}?", *QUESTION[1:]] for n in range(5_000))]
    with Child("quizapp.formats.reader:read", megabytes=256) as child:
        document = child.call("a.xlsx", workbook({"P": rows}), seconds=60)
    assert len(document.items) == 5_000
