"""The session cookie by the steady clock: neither the server's clock nor the browser's ends it."""

import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Response
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from quizapp import clock


def init_app(app: Flask) -> None:
    """Let the application's sessions be these."""
    app.session_interface = Sessions()


class Signer(TimestampSigner):
    """Stamps by the steady clock, and bears a stamp of before that was set back."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())

    def unsign(
        self, signed: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        """The value, or value and time. Raises SignatureExpired for one older than `max_age`.

        The class above takes none from the future: whoever signed in within the two hours by
        which a wrong clock is put right would have to do so again, in the middle of an exam.
        """
        value, at = super().unsign(signed, return_timestamp=True)
        if max_age is not None and abs(self.get_timestamp() - at.timestamp()) > max_age:
            raise SignatureExpired("too old", payload=value, date_signed=at)
        return (value, at) if return_timestamp else value


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, signed so, in a cookie that says how long it lasts, not until when."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made:
            made.signer = Signer
        return made

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        return None  # a browser would compare it with a clock of its own

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        if not session.permanent:
            return
        seconds = int(app.permanent_session_lifetime.total_seconds())
        name = self.get_cookie_name(app)
        cookies = response.headers.getlist("Set-Cookie")
        for n, cookie in enumerate(cookies):
            if cookie.startswith(f"{name}=") and not re.search(r"; *Max-Age=", cookie, re.I):
                cookies[n] = f"{cookie}; Max-Age={seconds}"
        if cookies:
            response.headers.setlist("Set-Cookie", cookies)
