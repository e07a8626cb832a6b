"""A real Chromium before a real server."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from quizapp.db import db
from quizapp.people.models import User
from tests.client import Client
from tests.conftest import PASSWORD

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands here is a browser test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip before any fixture looks for a browser; from one place, hence reported in one line."""
    if CHROMIUM is None and item.get_closest_marker("browser"):
        pytest.skip("no Chromium here: the browser tests are left out (apt-get install chromium)")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, without its calls home."""
    return {
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-background-networking"],
    }


class Line:
    """What lies between browser and application; it can hold saves, or break."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.is_broken = False
        self.saves = 0
        self.answers = 0
        self.before = threading.Event()  # set: saves may go to the application
        self.after = threading.Event()  # set: its answers may go back
        self.before.set()
        self.after.set()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Pass a request on."""
        is_save = environ["REQUEST_METHOD"] == "POST" and "/items/" in environ["PATH_INFO"]
        if not is_save:
            return self.app(environ, start)
        self.saves += 1
        if self.is_broken:
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>Bad Gateway</h1>"]
        self.before.wait(PATIENCE / 1000)
        answer = self.app(environ, start)
        self.answers += 1
        self.after.wait(PATIENCE / 1000)
        return answer


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def line(app: Flask) -> Line:
    """The line to the application."""
    return Line(app)


@pytest.fixture
def address(line: Line) -> Iterator[str]:
    """The address of the running server."""
    server = make_server("127.0.0.1", 0, line, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    line.before.set()
    line.after.set()
    server.shutdown()
    thread.join()
    server.server_close()


Opener = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, line: Line, address: str) -> Iterator[Opener]:
    """Opens a window of a browser of its own, on its home page if somebody is signed in."""
    contexts: list[BrowserContext] = []

    def open_window(user: User | None = None, **options: Any) -> Page:
        number = user.employee_number if user else None
        db.session.commit()  # the test's own hold on the database
        context = browser.new_context(base_url=address, locale="en-US", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if number:
            context.add_cookies([{"url": address, **_cookie_of(line.app, number)}])
        page = context.new_page()
        page.goto("/" if number else "/sign-in")
        return page

    yield open_window
    for context in contexts:
        context.close()


def _cookie_of(app: Flask, number: str) -> dict[str, str]:
    """The cookie of somebody who signed in, which takes a browser and its keyboard a second."""
    client = Client(app)
    client.sign_in(number, PASSWORD)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.http.client.get_cookie(name)
    assert cookie
    return {"name": name, "value": cookie.value}


def sign_in_by_keyboard(page: Page, user: User) -> None:
    """Sign in on the page that a window of nobody shows."""
    number = user.employee_number
    db.session.commit()  # the test's own hold on the database
    expect(page.get_by_label("Company number or e-mail")).to_be_focused()
    page.keyboard.type(number or "")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def tab_to(target: Locator) -> None:
    """Press the tabulator until the target has the focus, as somebody without a mouse does."""
    page = target.page
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def pick(target: Locator, begin: str) -> None:
    """Choose in a list with the arrow keys what begins so; letters count only if they come fast."""
    tab_to(target)
    for _ in range(50):
        if target.evaluate("list => list.selectedOptions[0].text").strip().startswith(begin):
            return
        target.page.keyboard.press("ArrowDown")
    raise AssertionError(f"there is no {begin} in {target}")


def press(target: Locator) -> None:
    """Go to a link or button with the keyboard and press it; the page it leads to begins."""
    tab_to(target)
    target.press("Enter")
