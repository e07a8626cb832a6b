"""Headers that every answer carries."""

from flask import Flask, request
from flask.wrappers import Response

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def init_app(app: Flask) -> None:
    """Add the headers after every request."""
    secure = app.config["MODE"] == "production"

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
