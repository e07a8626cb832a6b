"""A browser for tests that looks at every page it gets."""

import re
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.db import db

INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
TITLE = re.compile(r"<title>\s*[^\s·<][^<]*</title>")
TOKEN = re.compile(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')


class Browser:
    """Flask's test client, each request in a context of its own.

    Otherwise a request would take over the test's application context, and with it who was
    signed in and which CSRF token was made.
    """

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """GET, with nothing of the test's own contexts."""
        db.session.commit()  # what the test itself wrote, and its hold on the database
        return Context().run(self.client.get, path, buffered=True, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        """POST likewise."""
        db.session.commit()
        return Context().run(self.client.post, path, buffered=True, **kwargs)


class Client:
    """Gets pages and sends forms as a browser does, with the real CSRF tokens."""

    def __init__(self, app: Flask) -> None:
        self.http = Browser(app)
        self.token = ""

    def get(self, path: str, status: int = 200, **kwargs: Any) -> str:
        """The text of a page, after it was checked; redirects are followed."""
        return self._look(self.http.get(path, follow_redirects=True, **kwargs), status)

    def post(self, path: str, data: Any = None, status: int = 200, **kwargs: Any) -> str:
        """Send a form; the answer must be 303 or a page of the expected status."""
        if not self.token:
            self.get("/sign-in")
        fields = {"csrf_token": self.token, **(data or {})}
        response = self.http.post(path, data=fields, **kwargs)
        if response.status_code == 303 and status == 200:
            return self.get(_path(response.location))
        return self._look(response, status)

    def post_json(self, path: str, data: Any = None, status: int = 200) -> Any:
        """Send a form as our scripts do."""
        if not self.token:
            self.get("/")
        response = self.http.post(
            path,
            data={"csrf_token": self.token, **(data or {})},
            headers={"Accept": "application/json"},
        )
        assert response.status_code == status, response.text
        return response.get_json()

    def get_json(self, path: str, status: int = 200) -> Any:
        """Ask as our scripts do."""
        response = self.http.get(path, headers={"Accept": "application/json"})
        assert response.status_code == status, response.text
        return response.get_json()

    def sign_in(self, number: str | None, password: str) -> None:
        """Sign in through the page."""
        self.get("/sign-in")
        page = self.post("/sign-in", {"identifier": number, "password": password})
        assert "/sign-out" in page, "the sign-in failed"

    def _look(self, response: TestResponse, status: int) -> str:
        assert response.status_code == status, f"{response.status_code} and not {status}"
        text = response.text
        if response.mimetype == "text/html":
            check(text)
            assert "script-src" not in response.headers["Content-Security-Policy"]
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            if found := TOKEN.search(text):
                self.token = found[1]
        return text


def check(text: str) -> None:
    """A page parses, has a title, one main heading, and nothing inline; looked at once."""
    same = hash(TOKEN.sub("", text))
    if same not in _checked:
        _look_at(text)
        _checked.add(same)


_checked: set[int] = set()


def _look_at(text: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    errors = [e for e in parser.errors if e[1] != "non-void-element-with-trailing-solidus"]
    assert not errors, f"HTML errors: {errors[:3]}"
    assert TITLE.search(text), "a page without title"
    assert text.count("<h1") == 1, "a page has one main heading"
    assert not INLINE.search(text), f"inline code: {INLINE.search(text)}"
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), f"ids twice: {[i for i in ids if ids.count(i) > 1]}"


def _path(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")
