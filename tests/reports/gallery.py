"""All kinds of charts with what is most awkward to draw, on one page."""

from flask import render_template_string

from quizapp.reports import charts
from quizapp.reports.charts import Bin, Part, Point, Spread

LONG = "Atendimento de clientes com lentidão intermitente na rede sem fio do apartamento <b>&</b>"


def points(*values):
    """Points by number."""
    return [Point(f"{n:02}/11/2026", value) for n, value in enumerate(values, start=1)]


MANY = points(*((n * 37) % 101 for n in range(300)))
GAPS = points(10, None, 60, 55, None, None, 90, 72, None)
BARS = {
    "none": charts.bars([]),
    "one": charts.bars([Point(LONG * 2, 66.6, "2 de 3")], top=100, mark=80),
    "zero": charts.bars([Point("Nenhuma", 0.0), Point("Sem dados", None)], top=100),
    "some": charts.bars(
        [Point("Conexão", 100.0, "100%"), Point("Cobrança", 37.5, "37,5%"), Point("x" * 90, 3.0)],
        top=100,
        mark=75,
    ),
    "many": charts.bars(MANY),
}
LINES = {
    "none": charts.line([]),
    "one": charts.line(points(40), top=100),
    "zero": charts.line(points(0, 0, 0)),
    "unknown": charts.line(points(None, None)),
    "gaps": charts.line(GAPS, top=100, mark=80),
    "many": charts.line(MANY),
}
HISTOGRAMS = {
    "none": charts.histogram([]),
    "zero": charts.histogram([Bin(0, 50, 0), Bin(50, 100, 0)]),
    "some": charts.histogram([Bin(n, n + 10, (n * 7) % 13) for n in range(0, 100, 10)], mark=75),
    "many": charts.histogram([Bin(n, n + 1, n * n) for n in range(100)]),
}
STACKS = {
    "none": charts.stacked([Part("Ninguém", 0)]),
    "one": charts.stacked([Part("Aptos", 1, "good")]),
    "some": charts.stacked(
        [
            Part("Aptos", 1998, "good"),
            Part("A vencer", 1, "half"),
            Part("Vencidos", 700, "bad"),
            Part(LONG, 1, "rest"),
            Part("Revogados", 0, "bad"),
        ]
    ),
}
SPARKS = {
    "none": charts.spark([]),
    "one": charts.spark(points(3)),
    "gaps": charts.spark(GAPS, top=100),
    "many": charts.spark(MANY),
}
DOTS = {
    "none": charts.dots([], top=10),
    "some": charts.dots(
        [Spread(LONG * 2, (0, 10, 10, 5), 6.25), Spread("Só um", (3,), 3.0)], top=10
    ),
    "many": charts.dots([Spread(f"q{n}", (n % 11,) * 12, n % 11) for n in range(60)], top=10),
}
PAGE = """
{% extends "base.html" %}
{% import "components/charts.html" as charts %}
{% block title %}Charts{% endblock %}
{% block main %}
  <h1>Charts</h1>
  {% for name, kind in kinds %}{% for which, chart in kind.items() %}
    <section aria-labelledby="{{ name }}-{{ which }}">
    <h2 id="{{ name }}-{{ which }}">{{ name }}, {{ which }}</h2>
    {% set id = name ~ "-c-" ~ which %}
    {% set much = "How much of it there was each week" %}
    {% set mark = "Cut score: 80%" if chart.mark is not none else "" %}
    {% if name == "stacked" %}{{ charts.stacked(chart, id, "Parts", "What it is made of") }}
    {% elif name == "dots" %}{{ charts.dots(chart, id, name, "It says", "the mean") }}
    {% elif name == "spark" %}<p>Score {{ charts.spark(chart, name ~ " " ~ which) }} 72%</p>
    {% else %}{{ charts[name](chart, id, name, "It says", "What", much, mark_said=mark) }}
    {% endif %}</section>
  {% endfor %}{% endfor %}
{% endblock %}
"""


def page():
    """The page, for a request."""
    kinds = {
        "bars": BARS,
        "line": LINES,
        "histogram": HISTOGRAMS,
        "stacked": STACKS,
        "spark": SPARKS,
        "dots": DOTS,
    }
    return render_template_string(PAGE, kinds=list(kinds.items()))
