"""Two bare Flask pages to compare with: an 8 KB template, and one durable commit."""

import os
import secrets
import threading
from typing import Any

from flask import Flask, render_template

from quizapp.db import driver

ROWS = 100
SOURCE = (
    "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1><table>{% for row in rows %}"
    "<tr><th>{{ row.name }}</th><td>{{ row.value }}</td><td>{{ row.state }}</td>"
    "<td>{{ row.day }}</td></tr>{% endfor %}</table>"
)

app = Flask(__name__)
TEMPLATE = app.jinja_env.from_string(SOURCE)  # compiled once, as a file would be
rows = [
    {"name": f"Row number {i}", "value": i * 7, "state": "submitted", "day": "21/11/2026"}
    for i in range(ROWS)
]
local = threading.local()
WHERE = os.environ.get("BENCH_BARE", "")


def make(where: str) -> None:
    """The table of the bare commits, in a SQLite file or a PostgreSQL database."""
    if where.startswith("postgresql"):
        with psycopg().connect(where, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS bare (id serial PRIMARY KEY, text text)")
        return
    connection = driver.connect(where)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, text TEXT)")
    connection.close()


def psycopg() -> Any:
    """The driver of PostgreSQL, which not everyone has."""
    import psycopg

    return psycopg


def connect() -> Any:
    """A connection to the bare database, durable like ours."""
    if WHERE.startswith("postgresql"):
        return psycopg().connect(WHERE, autocommit=True)
    connection = driver.connect(WHERE, timeout=10)
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    return connection


@app.get("/template")
def template() -> str:
    """A template of about 8 KB, rendered each time."""
    return render_template(TEMPLATE, title="A bare page", rows=rows)


@app.post("/commit")
def commit() -> str:
    """One row, committed durably, on a connection of the thread's own."""
    if not hasattr(local, "connection"):
        local.connection = connect()
    mark = "%s" if WHERE.startswith("postgresql") else "?"
    local.connection.execute("BEGIN" if mark == "%s" else "BEGIN IMMEDIATE")
    insert = f"INSERT INTO bare (text) VALUES ({mark})"  # noqa: S608 - one of two marks
    local.connection.execute(insert, (secrets.token_hex(20),))
    local.connection.execute("COMMIT")
    return "saved"
