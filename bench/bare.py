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


def connect() -> Any:
    """A connection to the bare database, durable like ours."""
    connection = driver.connect(os.environ["BENCH_BARE"], timeout=10)
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
    local.connection.execute("BEGIN IMMEDIATE")
    local.connection.execute("INSERT INTO bare (text) VALUES (?)", (secrets.token_hex(20),))
    local.connection.execute("COMMIT")
    return "saved"
