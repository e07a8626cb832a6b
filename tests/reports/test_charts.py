"""Charts stay within their drawing, whatever they are given, and have their figures in a table."""

import re

import pytest

from quizapp.pages.access import public
from quizapp.reports import charts
from quizapp.reports.charts import Bin, Part, Point, Spread
from tests.reports import gallery

DRAWN = r'<svg class="plot" viewBox="0 0 ([\d.]+) ([\d.]+)" role="img"(.*?)</svg>'


def numbers(text):
    return [float(number) for number in re.findall(r"[\d.]+", text)]


def test_a_line_breaks_where_a_value_is_unknown():
    line = charts.line(gallery.GAPS, top=100, mark=80)
    assert [len(numbers(path)) // 2 for path in line.paths] == [2, 2]
    assert [dot.point.value for dot in line.dots] == [10, 60, 55, 90, 72]
    heights = {dot.point.value: dot.y for dot in line.dots}
    assert heights[90] < line.mark < heights[72]
    xs = [dot.x for dot in line.dots]
    assert xs[2] - xs[1] == pytest.approx((xs[1] - xs[0]) / 2, abs=0.2)


def test_of_very_many_points_all_are_in_the_line_and_lone_ones_as_dots():
    values = [float(n % 7) for n in range(200)]
    values[100:103] = [None, 3.0, None]
    line = charts.line([Point(str(n), value) for n, value in enumerate(values)])
    assert sum(len(path.split()) for path in line.paths) == 197
    assert [dot.point.label for dot in line.dots] == ["101"]
    bars = charts.bars([Point(str(n), 1.0) for n in range(200)])
    assert (len(bars.bars), len(bars.points)) == (charts.MOST_BARS, 200)


def test_a_scale_names_no_half_of_a_person():
    people = charts.line([Point("a", 12.0), Point("b", 47.0)], top=47)
    assert [level.label for level in people.levels] == [0, 47]
    assert people.levels[-1].at == people.dots[-1].y
    assert [level.label for level in charts.line([Point("a", 3.0)], top=48).levels] == [0, 24, 48]


def test_lengths_are_as_their_values():
    bars = charts.bars([Point("a", 25.0), Point("b", 100.0), Point("c", 130.0)], top=100, mark=50)
    assert [bar.x / bars.width for bar in bars.bars] == [0.125, 0.5, 0.65]  # top is 200 then
    assert bars.mark == bars.width / 4
    pillars = charts.histogram([Bin(0, 50, 4), Bin(50, 60, 2), Bin(60, 100, 0)]).pillars
    assert pillars[0].height == 2 * pillars[1].height > 0 == pillars[2].height
    assert pillars[0].width == pytest.approx(5 * pillars[1].width, rel=0.1)


def test_a_dot_is_as_large_as_many_gave_its_value_and_the_mean_stands_between():
    (row,) = charts.dots([Spread("Questão", (4, 10, 4, 4), 5.5)], top=10).rows
    assert [(dot.value, dot.count) for dot in row.dots] == [(4, 3), (10, 1)]
    few, many = row.dots[1], row.dots[0]
    assert (many.radius / few.radius) ** 2 == pytest.approx(3, abs=0.1)
    assert row.mark == pytest.approx(many.x + (few.x - many.x) * 1.5 / 6, abs=0.1)


def test_a_part_of_one_in_thousands_is_still_seen():
    whole = charts.stacked([Part("a", 2000, "good"), Part("b", 1, "bad"), Part("c", 0)])
    assert [segment.width >= 3 for segment in whole.segments] == [True, True]
    last = whole.segments[-1]
    assert last.x + last.width == pytest.approx(whole.width, abs=0.2)
    assert sum(segment.share for segment in whole.segments) == pytest.approx(100)


def test_every_chart_is_drawn_within_its_frame_and_told_in_words(app, client):
    app.add_url_rule("/gallery", "gallery", public(gallery.page))
    page = client.get("/gallery")  # which looks for errors, ids given twice and inline style
    assert "nan" not in page
    assert "<b>&</b>" not in page
    drawn = re.findall(
        r'<svg class="plot" viewBox="0 0 ([\d.]+) ([\d.]+)" role="img"(.*?)</svg>', page, re.S
    )
    assert len(drawn) == 15
    for width, height, body in drawn:
        assert re.search(r"<title id=.+?</title>\s*<desc id=.+?</desc>", body)
        for name, most in (("x1?2?|cx", float(width)), ("y1?2?|cy", float(height))):
            for value in re.findall(rf'\s(?:{name})="([^"]*)"', body):
                assert 0 <= float(value) <= most, (name, value, body)
    # 300 bars, of which 40 are drawn, and a line of 300: all of them are in the tables.
    assert page.count('<tr><th scope="row">300/11/2026</th>') == 2
