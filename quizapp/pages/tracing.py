"""Each request gets a name, which its answer carries and support can look for, and a log line."""

import logging
import secrets
from time import perf_counter

from flask import Flask, g, request
from flask.wrappers import Response

log = logging.getLogger(__name__)

# Asked by machines all the time: written at "debug" only.
QUIET = frozenset({"static", "bootstrap.static", "pictures.show", "health.alive", "health.ready"})


def init_app(app: Flask) -> None:
    """Begin before all other guards and end after all other hooks."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Name the request. A name sent by a client would be text of theirs in our logs."""
    g.request_id = secrets.token_hex(5)
    g.arrived = perf_counter()


def end(response: Response) -> Response:
    """Write the line: the route's pattern, not the address, which may hold what was searched."""
    if "request_id" not in g:
        return response
    response.headers["X-Request-ID"] = g.request_id
    level = logging.DEBUG if request.endpoint in QUIET else logging.INFO
    if log.isEnabledFor(level):
        facts = {
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round((perf_counter() - g.arrived) * 1000, 1),
        }
        # Who: an opaque id, and only where something may have changed.
        if request.method == "POST" and (visitor := g.get("_login_user")):
            facts["by"] = getattr(visitor, "public_id", None)
        log.log(level, "request", extra={"facts": facts})
    return response
