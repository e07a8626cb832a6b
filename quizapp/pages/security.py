"""Headers that every answer carries, the hosts that are answered to, and what none takes."""

from flask import Flask, request
from flask.wrappers import Response
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import SecurityError

from quizapp.errors import Invalid

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def init_app(app: Flask) -> None:
    """Add the headers after every request; refuse a host that is not ours, and what is no text."""
    secure = app.config["MODE"] == "production"
    app.register_error_handler(SecurityError, unknown_host)

    app.before_request(refuse_nul)

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


def refuse_nul() -> Response | None:
    """No text has the character NUL, which not every database can keep. Raises Invalid."""
    is_in_address = "\0" in request.path or _has_nul(request.args)
    if not is_in_address and not _has_nul(request.form):
        return None
    text = gettext("There is a character in it that no text has. Type it anew.")
    if is_in_address:
        return Response(text, 400, mimetype="text/plain")  # a page would repeat the address
    raise Invalid(text)


def _has_nul(sent: MultiDict[str, str]) -> bool:
    return any("\0" in value for _, value in sent.items(multi=True))


def unknown_host(_error: SecurityError) -> Response:
    """A request to a host that is not QUIZAPP_PUBLIC_URL's: a page's links would lead there."""
    text = gettext("This address is not served here. Open the one that your team was given.")
    return Response(text, 400, mimetype="text/plain")
