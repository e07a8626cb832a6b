"""What stands around every page, kept for each person, place and language.

Made anew each time, it would be a third of the time of a page.
"""

from functools import lru_cache

from flask import Flask, g, get_template_attribute, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from quizapp.db import db
from quizapp.notices import outbox
from quizapp.pages import notice_texts
from quizapp.pages.language import language

KEPT = 4096


def init_app(app: Flask) -> None:
    """Give templates the pieces."""
    app.jinja_env.globals.update(
        csrf_token=csrf_token,
        frame_links=links,
        frame_header=header,
        frame_footer=footer,
        unread_here=unread_here,
    )


def csrf_token() -> str:
    """The session's CSRF token, signed once: it has no time limit of its own."""
    raw = session.get("csrf_token")
    return _signed(raw) if raw else str(generate_csrf())


@lru_cache(maxsize=KEPT)
def _signed(_raw: str) -> str:
    return str(generate_csrf())


def links() -> Markup:
    """The icon and the style sheets."""
    return _piece("links_html", "")


def header(query: str | None = None) -> Markup:
    """The brand, search, account and navigation."""
    if not current_user.is_authenticated:
        return _piece("header_html", "", "", "", "", "", "", "", language())
    return _piece(
        "header_html",
        current_user.name,
        current_user.role,
        _place(),
        csrf_token(),
        query or "",
        _unread(),
        current_user.public_id,
        language(),
    )


def _unread() -> str:
    """How many notices wait; nothing where the database cannot say: the page may be about that."""
    if "unread" not in g:
        try:
            g.unread = str(outbox.unread(db.session(), current_user.public_id) or "")
        except SQLAlchemyError:
            g.unread = ""
    found: str = g.unread
    return found


def unread_here() -> list[str]:
    """The notices about the page one is on that one has not seen, in words."""
    if request.method != "GET" or not current_user.is_authenticated or not _unread():
        return []
    found = outbox.unread_about(db.session(), current_user.public_id, request.path)
    return [text for _, text in notice_texts.said(db.session(), current_user.id, found)]


def _place() -> str:
    """The entry of the navigation under which a page stands; none for what is not there."""
    if "place" in g:
        return str(g.place)
    blueprint = request.blueprint or ""
    if blueprint == "audiences":
        return _ABOUT.get((request.view_args or {}).get("kind", ""), "")
    return _PLACES.get(request.endpoint or "", _PLACES.get(blueprint, blueprint))


# What the page is about for whom something is.
_ABOUT = {"procedure": "library", "quiz": "quiz_editor", "program": "program_editor"}
# Where a blueprint, or a page of it, has another name than its entry.
_PLACES = {
    "absences": "teams",
    "allowances": "quiz_editor",
    "conflicts": "banks",
    "attempts": "quizzes",
    "analysis": "reports",
    "attention": "reports",
    "contests": "banks",
    "contests.contest": "quizzes",
    "contests.mine": "quizzes",
    "coverage": "reports",
    "editing": "banks",
    "editing.procedure": "library",
    "exports": "banks",
    "handouts": "reports",
    "heatmap": "reports",
    "history": "banks",
    "holidays": "people",
    "history.procedure": "library",
    "late": "banks",
    "panels": "quiz_editor",
    "linking": "banks",
    "program_people": "program_editor",
    "results": "quizzes",
    "sheets": "reports",
    "team_cohorts": "teams",
    "team_programs": "teams",
    "views": "reports",
}


def footer(theme: str | None) -> Markup:
    """Language and colours; choosing leads back to the page one is on."""
    back = request.full_path if request.query_string else request.path
    return _piece("footer_html", back, theme, csrf_token(), language())


@lru_cache(maxsize=KEPT)
def _piece(macro: str, *arguments: str | None) -> Markup:
    # The language at the end makes a piece of its own; the macro asks for it itself.
    html: Markup = get_template_attribute("components/frame.html", macro)(*arguments[:-1])
    return html
