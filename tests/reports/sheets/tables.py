"""Tables to try the writers with."""

from zoneinfo import ZoneInfo

from quizapp.reports.readers import Reader
from quizapp.reports.sheets.model import Column, Sheet

# What people may call themselves or a quiz, so that a spreadsheet runs it.
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    '=HYPERLINK("http://evil.example";"click")',
    "＝1+1",
    "＋1+1",
    "－2+3",
    "＠SUM(1)",
    'a";=1+1;"',
    "=1+1\n=2+2",
    "Ana\n=1+1",
    "{=1+1}",
    "'=1+1",
    "http://evil.example",
    "00123",
    "<b>&amp;",
)


def reader(language="pt-BR"):
    """Somebody who asks."""
    return Reader(1, "abc", "manager", language, ZoneInfo("America/Sao_Paulo"), "Bruno Gestor")


def names(people):
    """A table that has a row for each of these names."""
    columns = (Column("name", "Nome"), Column("read", "Lidas", "count"))
    return Sheet("Equipe", "Equipe Norte", "", columns, [(name, 7) for name in people])
