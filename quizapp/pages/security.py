"""Headers that every answer carries, and the hosts that are answered to."""

from flask import Flask, request
from flask.wrappers import Response
from flask_babel import gettext
from werkzeug.exceptions import SecurityError

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def init_app(app: Flask) -> None:
    """Add the headers after every request; refuse a host that is not ours."""
    secure = app.config["MODE"] == "production"
    app.register_error_handler(SecurityError, unknown_host)

    @app.after_request
    def headers(response: Response) -> Response:
        values = response.headers
        values["Content-Security-Policy"] = POLICY
        values["X-Content-Type-Options"] = "nosniff"
        values["Referrer-Policy"] = "same-origin"
        values["Cross-Origin-Opener-Policy"] = "same-origin"
        if secure:
            values["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint not in ("static", "bootstrap.static", "pictures.show"):
            # Shared PCs: the back button after a sign-out shows nobody's page.
            values["Cache-Control"] = "no-store"
        return response


def unknown_host(_error: SecurityError) -> Response:
    """A request to a host that is not QUIZAPP_PUBLIC_URL's: a page's links would lead there."""
    text = gettext("This address is not served here. Open the one that your team was given.")
    return Response(text, 400, mimetype="text/plain")
