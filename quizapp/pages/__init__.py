"""HTTP: one blueprint a file, and what every page shares."""

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Register the pages and their guards."""
    from quizapp.pages import (
        absences,
        access,
        account,
        allowances,
        analysis,
        attempts,
        attention,
        audiences,
        banks,
        certificates,
        closed_book,
        cohorts,
        conflicts,
        contests,
        coverage,
        decisions,
        editing,
        exports,
        failures,
        frame,
        handouts,
        health,
        heatmap,
        history,
        holidays,
        home,
        language,
        late,
        library,
        linking,
        notices,
        panels,
        people,
        pictures,
        program_editor,
        program_people,
        program_words,
        programs,
        progress,
        quiz_editor,
        quizzes,
        ready,
        reports,
        results,
        security,
        sessions,
        sheets,
        supervision,
        team_cohorts,
        team_programs,
        teams,
        tracing,
        uploads,
        views,
        wording,
    )

    if app.config["BEHIND_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    Bootstrap5(app)
    tracing.init_app(app)
    sessions.init_app(app)
    language.init_app(app)
    access.init_app(app)
    closed_book.init_app(app)
    CSRFProtect(app)
    security.init_app(app)
    failures.init_app(app)
    wording.init_app(app)
    program_words.init_app(app)
    frame.init_app(app)
    for part in (
        health,
        home,
        account,
        library,
        quizzes,
        results,
        attempts,
        programs,
        progress,
        teams,
        ready,
        attention,
        reports,
        views,
        sheets,
        handouts,
        heatmap,
        team_programs,
        team_cohorts,
        program_people,
        banks,
        quiz_editor,
        panels,
        allowances,
        program_editor,
        supervision,
        editing,
        exports,
        linking,
        coverage,
        analysis,
        history,
        conflicts,
        contests,
        decisions,
        late,
        notices,
        uploads,
        pictures,
        people,
        audiences,
        holidays,
        absences,
        cohorts,
        certificates,
    ):
        app.register_blueprint(part.bp)
