"""Words and addresses that many templates need."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask.wrappers import Response
from flask_babel import get_translations, lazy_gettext, ngettext
from flask_bootstrap import __file__ as bootstrap_file

from quizapp.pages import rule_texts
from quizapp.reports.words import STATE_NAMES, USE_NAMES

_l = lazy_gettext

ROLE_NAMES = {
    "agent": _l("Agent"),
    "manager": _l("Manager"),
    "trainer": _l("Trainer"),
    "admin": _l("Administrator"),
}
KIND_NAMES = {
    "single": _l("One option"),
    "multiple": _l("Several options"),
    "true_false": _l("True or false"),
    "ordering": _l("Ordering"),
    "matching": _l("Matching"),
    "short_answer": _l("Short answer"),
    "numeric": _l("Number"),
    "scenario": _l("Scenario"),
    "essay": _l("Essay"),
    "description": _l("Description"),
}
DIFFICULTY_NAMES = {"easy": _l("Easy"), "medium": _l("Medium"), "hard": _l("Hard")}
KEY_NAMES = {
    "missing": _l("No key"),
    "confirmed": _l("Keyed"),
    "unconfirmed": _l("Key to confirm"),
    "proposed": _l("Key change proposed"),
    "doubtful": _l("Key in doubt"),
}
REVIEW_NAMES = {
    "draft": _l("Key not published"),
    "submitted": _l("Waits for a second trainer"),
    "in-review": _l("Key in review"),
    "contested": _l("Contested"),
    "confirmed": _l("Key confirmed"),
}
SEVERITY_NAMES = {"error": _l("error"), "warning": _l("warning"), "info": _l("note")}
CONTEST_NAMES = {
    "waiting": _l("Waits for an answer"),
    "accepted": _l("Accepted"),
    "kept": _l("Not accepted"),
}
# What a review shows (quiz.rules.ReviewRules), and why a score was added.
PART_NAMES = {
    "score": _l("the score"),
    "responses": _l("your answers"),
    "right": _l("what was right and wrong"),
    "key": _l("the right answers"),
    "explanations": _l("the explanations"),
}
WHY_NAMES = {
    "submit": _l("Scored on submission"),
    "replaced": _l("The key was changed"),
    "both": _l("Both answers are accepted"),
    "void": _l("The question was voided"),
    "kept": _l("The key stays"),
    "late": _l("Late answers were taken in"),
    "person": _l("Decided about this person"),
}

DECISION_NAMES = {
    "replaced": _l("Key replaced"),
    "both": _l("Both keys accepted"),
    "better": _l("Void: each keeps the better score"),
    "everyone": _l("Void: points to everyone"),
    "kept": _l("The key stays"),
}


def init_app(app: Flask) -> None:
    """Give templates the names, and static addresses a version."""
    app.jinja_env.globals.update(
        _=gettext,
        how_scored=rule_texts.how_scored,
        url_for=address,
        ngettext=ngettext,
        role_names=ROLE_NAMES,
        kind_names=KIND_NAMES,
        difficulty_names=DIFFICULTY_NAMES,
        use_names=USE_NAMES,
        state_names=STATE_NAMES,
        key_names=KEY_NAMES,
        review_names=REVIEW_NAMES,
        contest_names=CONTEST_NAMES,
        decision_names=DECISION_NAMES,
        part_names=PART_NAMES,
        why_names=WHY_NAMES,
        severity_names=SEVERITY_NAMES,
    )
    folders = {
        "static": Path(app.static_folder or ""),
        "bootstrap.static": Path(bootstrap_file).parent / "static" / "bootstrap5",
    }

    @app.url_defaults
    def version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in folders and not {"v", "tree"} & values.keys() and "filename" in values:
            values["v"] = _version(folders[endpoint] / values["filename"])

    # Modules import each other by relative addresses: their version stands in the path.
    def static(filename: str, tree: str = "") -> Response:
        return app.send_static_file(filename)

    app.view_functions["static"] = static
    app.add_url_rule("/static/tree-<tree>/<path:filename>", endpoint="static")
    scripts = folders["static"] / "js"

    def module(name: str) -> str:
        """The address of a module that imports others."""
        return address("static", tree=_tree(scripts), filename=f"js/{name}")

    app.jinja_env.globals["module"] = module


def gettext(text: str, /, **values: Any) -> str:
    """A text in the reader's language. The catalogue is looked up once a request: Flask-Babel
    does so for every text, which is a third of the time of a page."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    translated: str = g.catalogue.ugettext(text)
    return translated % values if values else translated


def address(endpoint: str, **values: Any) -> str:
    """`url_for`, remembered: pages ask for the same addresses over and over."""
    return _address(request.root_path, endpoint, **values)


@lru_cache(maxsize=4096)
def _address(_root: str, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


@lru_cache
def _tree(folder: Path) -> str:
    """A version of all modules together: a changed one is loaded anew through the others, too."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@lru_cache
def _version(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else None
