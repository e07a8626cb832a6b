"""What the applications of one process work out alike, kept from one to the next.

Each test has an application of its own; without this, each would compile the same templates,
statements and addresses anew, which took most of the time of a test of pages.
"""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
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


_templates = Templates()
_statements: dict[Any, Any] = {}
_builders: dict[tuple[Any, ...], Any] = {}
_compile_builder = Rule._compile_builder


def share(app: Flask, engine: Engine) -> None:
    """Let an application use what those before it worked out."""
    app.jinja_env.bytecode_cache = _templates
    engine._compiled_cache = _statements


def share_among_all() -> None:
    """Let equal statements and addresses be known as equal, whichever application's they are."""
    # SQLAlchemy's caches, the mappers' among them, are by dialect; each engine makes one.
    DefaultDialect.__eq__ = lambda one, other: type(one) is type(other)
    DefaultDialect.__hash__ = lambda one: hash(type(one))
    Rule._compile_builder = _compiled_builder


def _compiled_builder(rule: Rule, append_unknown: bool = True) -> Any:
    """The function that builds a rule's addresses; it knows the rule by its argument only."""
    key = rule.rule, append_unknown, tuple(rule._trace)
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]
