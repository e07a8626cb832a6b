"""Ten thousand attempts, regraded twice, in another order and on the other database."""

from tests.quiz.test_regrade_many import check, server, stage  # noqa: F401 - fixtures


def test_scores_of_ten_thousand_are_the_same_to_the_byte(stage, server):  # noqa: F811
    check(stage, server, 10_000)
