"""What the applications of one process work out alike, kept from one to the next.

Each test has an application of its own; without this, each would compile the same templates,
statements and addresses and read the same catalogues anew, which took most of the time of a test
of pages. The libraries have a place for each of these; without this module the tests say the
same and take longer.
"""

from types import CodeType
from typing import Any

from flask import Flask
from flask_babel import get_domain
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.dialects.postgresql import psycopg
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Compiled templates by name and checksum of their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept, if anything."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        if bucket.code:
            self._kept[bucket.key, bucket.checksum] = bucket.code


class KnownRule(Rule):
    """An address that takes over what an equal one of an earlier application compiled."""

    def compile(self) -> None:
        """Compile it, the first time; later do what that did to the first one."""
        key = (self.rule, self.subdomain, self.host, self.merge_slashes, repr(self.defaults))
        if key not in _rules:
            before = dict(vars(self))
            super().compile()
            after = {name: it for name, it in vars(self).items() if it is not before.get(name)}
            _rules[key] = {**after, "arguments": self.arguments}
        vars(self).update(_rules[key])


class _Alike:
    """A dialect that is equal to all of its kind: SQLAlchemy keeps what it compiled by dialect."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class Sqlite(_Alike, sqlite.dialect):
    """SQLite, of whichever application."""

    supports_statement_cache = True


class Postgres(_Alike, psycopg.dialect):
    """PostgreSQL, of whichever application."""

    supports_statement_cache = True


_templates = Templates()
_catalogues: dict[Any, Any] = {}
_statements: dict[Any, Any] = {}
_rules: dict[tuple[Any, ...], dict[str, Any]] = {}


def install() -> None:
    """Let equal statements and addresses be known as equal, whichever application's they are."""
    registry.register("sqlite", __name__, "Sqlite")
    registry.register("postgresql.psycopg", __name__, "Postgres")
    Flask.url_rule_class = KnownRule


def share(app: Flask, engine: Engine) -> None:
    """Let an application, whose context it is, use what those before it worked out."""
    app.jinja_env.bytecode_cache = _templates
    get_domain().cache = _catalogues
    engine.update_execution_options(compiled_cache=_statements)
