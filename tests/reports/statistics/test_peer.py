"""The figures that a peer's statistics report prints for its own test fixture."""

import csv
from pathlib import Path

import pytest

from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.model import Mark, Options

FIXTURE = Path(__file__).parents[4] / "shared" / "corpus" / "item-analysis"
# Its 25 attempts are fewer than we would say these figures of.
EVERYTHING = Options(facility_from=0, discrimination_from=0)


@pytest.mark.skipif(
    not FIXTURE.is_dir(), reason="../shared/corpus/item-analysis, the peer's fixture, is not here"
)
def test_every_figure_equals_the_peers() -> None:
    marks = [
        Mark(int(row["quizattempt"]), slot, int(row["quizattempt"]), slot, 1, float(row[name]))
        for row in _rows("marks.csv")
        for slot in range(1, 8)
        for name in [f"slots.{slot}.mark"]
    ]
    found = analyse(marks, options=EVERYTHING).items
    expected = _rows("expected.csv")
    assert len(found) == len(expected) == 7
    for row in expected:
        one = found[int(row["slot"])]
        ours = {
            "facility": one.facility,
            "sd": one.sd,
            "effectiveweight": _percent(one.effective_weight),
            "covariance": one.covariance,
            "markvariance": one.mark_variance,
            "othermarkvariance": one.rest_variance,
            "discriminationindex": _percent(one.discrimination),
            "covariancemax": one.covariance_max,
            "discriminativeefficiency": _percent(one.efficiency),
        }
        theirs = {name: float(value) for name, value in row.items() if name != "slot"}
        assert ours == pytest.approx(theirs, rel=1e-6)


def _rows(name: str) -> list[dict[str, str]]:
    with (FIXTURE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _percent(share: float | None) -> float:
    assert share is not None
    return 100 * share
