"""Portuguese first, English second, chosen by the person, else by the browser."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import quizapp
from tests.client import Client

ROOT = Path(quizapp.__file__).parent
CATALOGUE = ROOT / "translations" / "pt_BR" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None}


@pytest.mark.parametrize(
    "header, language",
    [
        ("", "pt-BR"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-US,en;q=0.9", "en"),
        ("fr,en;q=0.5", "en"),
        ("fr", "pt-BR"),
    ],
)
def test_the_browser_chooses(client, header, language):
    page = client.get("/sign-in", headers={"Accept-Language": header})
    assert f'<html lang="{language}"' in page


def test_the_person_chooses_over_the_browser_and_keeps_it(app, sign_in, cast):
    browser = sign_in(cast.ana)
    browser.post("/language", {"locale": "en", "next": "/"})
    assert "Sign out" in browser.get("/", headers={"Accept-Language": "pt-BR"})
    assert "Sign out" in sign_in(cast.ana).get("/")


def test_pages_are_in_portuguese(client):
    page = client.get("/sign-in")
    assert "Matrícula ou e-mail" in page
    assert "Password" not in page


def extracted():
    for _, _, message, _, _ in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS):
        yield message if isinstance(message, str) else message[0]


def test_no_text_hides_in_another_where_it_is_not_found_for_the_catalogue():
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in ROOT.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
    ]
    assert hidden == []


def test_the_portuguese_catalogue_is_complete():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    missing = []
    for text in set(extracted()):
        entry = catalogue.get(text)
        strings = [entry.string] if entry and isinstance(entry.string, str) else None
        strings = strings or (list(entry.string) if entry else [""])
        if not all(strings) or (entry and entry.fuzzy):
            missing.append(text)
    assert not missing, f"{len(missing)} without Portuguese: {sorted(missing)[:10]}"


def test_the_compiled_catalogue_is_that_of_the_text():
    from io import BytesIO

    from babel.messages.mofile import write_mo

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    out = BytesIO()
    write_mo(out, catalogue)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == out.getvalue()


def test_placeholders_are_the_same_in_both_languages():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    for entry in catalogue:
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        wanted = set().union(*(re.findall(r"%\((\w+)\)", text) for text in ids))
        for text in strings:
            assert set(re.findall(r"%\((\w+)\)", text)) <= wanted, ids


def test_a_new_browser_has_no_language_of_its_own(app):
    assert '<html lang="pt-BR"' in Client(app).get("/sign-in")
