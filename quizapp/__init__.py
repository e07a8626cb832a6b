"""quizapp: procedures and question banks become trained, certified people, with proof."""

from collections.abc import Mapping
from typing import Any

from flask import Flask


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application: settings from the environment, then `overrides`.

    The one place where the parts meet; hence imports here, not at the top.
    """
    from datetime import timedelta

    from quizapp import cli, config, db, pages, tasks
    from quizapp.certification import awarding, program_texts, progress, rereading
    from quizapp.content import documents, keys
    from quizapp.notices import digests, mail
    from quizapp.pages import notice_texts, report_mails
    from quizapp.quiz import attempts, passes, regrade, starting
    from quizapp.study import reading

    settings = {**config.load(), **(overrides or {})}
    config.prepare_instance(settings)
    mail.server_of(settings)  # settings that do not go together are said at the start
    app = Flask(__name__, instance_path=settings["INSTANCE"])
    app.config.from_mapping(settings)
    production = settings["MODE"] == "production"
    app.config.update(
        SECRET_KEY=config.secret_key(settings),
        TRUSTED_HOSTS=config.trusted_hosts(settings),
        MAX_CONTENT_LENGTH=2**20,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),  # addresses carry a version
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings["SESSION_HOURS"]),
        SESSION_COOKIE_NAME="__Host-quizapp" if production else "quizapp",
        SESSION_COOKIE_SECURE=production,
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: exams outlast an hour
        WTF_CSRF_SSL_STRICT=production,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE=settings["LOCALE"],
        BABEL_DEFAULT_TIMEZONE=settings["TIME_ZONE"],
    )
    db.init_app(app, config.database_url(settings))
    # What a lower floor asks of a higher one; set, not appended, so that it happens once.
    keys.in_use[:] = [attempts.asks]
    documents.programs[:] = [program_texts]
    reading.asked_anew[:] = [rereading.asked_anew]
    reading.acknowledged[:] = [awarding.settle]
    attempts.submitted[:] = [awarding.settle]
    regrade.rescored[:] = [awarding.settle_all]
    passes.taken[:] = [awarding.revoke_resting_on]
    starting.guards[:] = [progress.refuse_locked]
    digests.in_words[:] = [notice_texts.words]
    digests.reports[:] = [report_mails.words]
    pages.init_app(app)
    cli.init_app(app)
    tasks.init_app(app)
    return app
