"""Three generated sets of marks against R 4.2 with psych 2.2.9, fed with the same marks.

`x` is the matrix of marks in points (people by items), unanswered as 0; `r` is which of them
were reached, `p` the items' points. What R printed stands here as it was printed.
"""

import pytest

from quizapp.reports.statistics import consistency
from quizapp.reports.statistics.analysis import analyse
from quizapp.reports.statistics.beta import incomplete_beta
from quizapp.reports.statistics.model import Analysis, Options, Spread
from tests.reports.statistics import generated


def _column(found: Analysis, name: str) -> list[float]:
    return [getattr(one, name) for one in found.items.values()]


def _exactly(text: str) -> object:
    return pytest.approx([float(number) for number in text.split()], rel=1e-9)


def test_a_fixed_form_of_right_and_wrong_with_blanks() -> None:
    found = analyse(generated.right_or_wrong())
    assert sum(_column(found, "blank")) > 20
    # a <- psych::alpha(as.data.frame(x)); colMeans(x); apply(x, 2, sd)
    assert _column(found, "facility") == _exactly(
        "0.741666666667 0.675 0.541666666667 0.475 0.258333333333 0.733333333333 0.7 0.65"
    )
    assert _column(found, "sd") == _exactly(
        "0.439553504039 0.470338694342 0.500350017544 0.501468431943 0.439553504039"
        " 0.44407080466 0.460178993308 0.478969482019"
    )
    # a$item.stats$r.drop, a$item.stats$raw.r
    assert _column(found, "discrimination") == _exactly(
        "0.115210164761 0.257343010056 0.254028907647 0.19776637813 0.186935305702"
        " 0.464910427016 0.117993568006 0.281304745686"
    )
    assert _column(found, "point_biserial") == _exactly(
        "0.356653795286 0.496810522513 0.508755545294 0.462183485271 0.420910875738"
        " 0.649930813975 0.370325338933 0.520811598759"
    )
    quiz = found.quiz
    assert quiz.is_fixed
    assert quiz.is_kr20
    # a$total$raw_alpha; s <- 100 * rowSums(x) / sum(p); sd(s) * sqrt(1 - a$total$raw_alpha);
    # psych::describe(s, type = 2)
    assert [quiz.alpha, quiz.standard_error] == _exactly("0.505450795992 15.561520712")
    assert [quiz.mean, quiz.sd, quiz.skewness, quiz.kurtosis] == _exactly(
        "59.6875 22.1282608099 -0.428097500992 -0.126042068129"
    )
    assert isinstance(quiz.spread, Spread)
    assert quiz.spread.median == 62.5


def test_a_fixed_form_of_partial_credit_points_and_items_not_reached() -> None:
    found = analyse(generated.partial())
    # colSums(r): who did not get to an item is apart
    assert _column(found, "n") == [150, 150, 150, 150, 150, 150, 149, 147, 144, 129]
    assert _column(found, "unreached") == [0, 0, 0, 0, 0, 0, 1, 3, 6, 21]
    # sapply(1:10, function(i) mean(x[r[,i],i]) / p[i]), and sd(x[r[,i],i])
    assert _column(found, "facility") == _exactly(
        "0.793333333333 0.71 0.56 0.403333333333 0.28 0.771666666667 0.677852348993"
        " 0.568027210884 0.472222222222 0.281007751938"
    )
    assert _column(found, "sd") == _exactly(
        "0.406270757515 0.61600575261 1.49414966502 0.322254363385 0.901006149001"
        " 0.859915517936 0.468875255349 0.583910480359 1.50291092841 0.27064692452"
    )
    # sapply(1:10, function(i) cor(x[r[,i],i], rowSums(x[r[,i],-i]))); where all reached the item
    # that is psych::alpha(as.data.frame(x))$item.stats$r.drop
    assert _column(found, "discrimination") == _exactly(
        "0.16096172224 0.531993602182 0.36243461538 0.403616673262 0.265839357868"
        " 0.34708556721 0.343218736912 0.474895623813 0.295096457514 0.386816226574"
    )
    quiz = found.quiz
    assert quiz.is_fixed
    assert not quiz.is_kr20
    assert [quiz.alpha, quiz.standard_error] == _exactly("0.630056156848 13.1727469586")
    assert [quiz.mean, quiz.sd, quiz.skewness, quiz.kurtosis] == _exactly(
        "55.5789473684 21.6575061995 -0.275395464311 -0.591344122834"
    )


def test_forms_drawn_from_a_pool() -> None:
    found = analyse(generated.pooled(), options=Options(discrimination_from=60, cut_score=60))
    # x has NA where an item was not on the form. colSums(!is.na(x)), colMeans(x, na.rm = TRUE)
    assert _column(found, "n") == [87, 86, 76, 80, 83, 88, 77, 83, 78, 84, 85, 64, 77, 76, 76]
    assert _column(found, "facility") == _exactly(
        "0.908045977011 0.732558139535 0.578947368421 0.41875 0.21686746988 0.772727272727"
        " 0.662337662338 0.518072289157 0.397435897436 0.285714285714 0.717647058824 0.703125"
        " 0.545454545455 0.375 0.302631578947"
    )
    # dev <- sweep(x, 2, colMeans(x, na.rm = TRUE)); sapply(1:15, function(i)
    #   cor(x[,i], rowMeans(dev[,-i], na.rm = TRUE), use = "complete.obs"))
    assert _column(found, "discrimination") == _exactly(
        "0.0740875267684 -0.137941496145 0.297084394752 0.34927751476 0.373160090223"
        " 0.373509091687 0.212366753208 0.259083966409 0.198837511719 0.372862126316"
        " -0.0194007621348 0.446079799642 0.198419602167 0.352850018476 0.355522859349"
    )
    # 5 * cov(...) of the same: the other five items of a form, in points
    assert _column(found, "covariance") == _exactly(
        "0.0269339461825 -0.0483098110846 0.171553140674 0.16684790145 0.166122955483"
        " 0.149860400928 0.107619923484 0.118834847434 0.11568982172 0.156596331723"
        " -0.0100965110058 0.176366860283 0.104392547375 0.146582066059 0.176911516485"
    )
    # ... and with rowMeans(dev, na.rm = TRUE)
    assert _column(found, "point_biserial") == _exactly(
        "0.293728401515 0.158808321291 0.604642262557 0.567983629256 0.633353232889"
        " 0.611009882222 0.559410328292 0.534392290953 0.532023387916 0.590076206151"
        " 0.350847914633 0.667245538107 0.567691372385 0.566790774185 0.643276716859"
    )
    quiz = found.quiz
    assert (quiz.is_fixed, quiz.alpha, quiz.why["alpha"]) == (False, None, "unequal_forms")
    assert set(_column(found, "effective_weight")) == {None}
    assert [quiz.mean, quiz.sd, quiz.skewness, quiz.kurtosis] == _exactly(
        "54.5 23.2248014298 -0.0331780772692 -0.681256960536"
    )
    # sqrt(mean(apply(100 * x, 1, var, na.rm = TRUE) / 6))
    assert quiz.standard_error == pytest.approx(310.277777778**0.5, rel=1e-9)
    assert quiz.consistency is not None
    assert quiz.consistency.reliability == pytest.approx(1 - 310.277777778 / 23.2248014298**2)


@pytest.mark.parametrize(
    "given, expected",
    [
        (
            (0.72, 0.03, 0.75, 0.7, 0.7),
            "23.88 0.785130051156 0.556410009736 0.844786726177 0.074848135073 0.0803651387497",
        ),
        (
            (0.9, 0.012, 0.55, 0.8, 13.5 / 16),
            "15.4444444444 0.776335762912 0.392329112209 0.829221968592 0.0228725279038"
            " 0.147905503504",
        ),
        (
            (0.55, 0.06, 0.85, 0.6, 0.575),
            "21.8333333333 0.834623651717 0.668714892614 0.877793610474 0.0812343454235"
            " 0.0409720441027",
        ),
    ],
)
def test_the_consistency_of_a_decision(
    given: tuple[float, float, float, float, float], expected: str
) -> None:
    # m, v, r, cut, border: tv <- r*v; n <- (m*(1-m)-tv)/(v-tv); k <- m*(1-m)/tv-1; q <- border*n
    # pass <- function(p) pbeta(p, q+.5, n-q+.5); f <- function(g, lo, hi)
    #   integrate(function(p) dbeta(p, m*k, (1-m)*k)*g(p), lo, hi, rel.tol=1e-11)$value
    # P <- f(pass,0,1); a <- 1-2*P+2*f(function(p) pass(p)^2,0,1); ch <- P^2+(1-P)^2
    # fp <- f(pass,0,cut); ff <- f(function(p) 1-pass(p),cut,1)
    # cat(n, a, (a-ch)/(1-ch), 1-fp-ff, fp, ff)
    one = consistency.estimate(*given)
    assert one is not None
    assert [
        one.length,
        one.agreement,
        one.kappa,
        one.accuracy,
        one.false_pass,
        one.false_fail,
    ] == _exactly(expected)


def test_the_incomplete_beta_function() -> None:
    # pbeta(c(.3, .7, .95, .5), c(2, 7, 16.5, 120), c(5, 2, 3.25, 130))
    found = [
        incomplete_beta(2, 5, 0.3),
        incomplete_beta(7, 2, 0.7),
        incomplete_beta(16.5, 3.25, 0.95),
        incomplete_beta(120, 130, 0.5),
    ]
    assert found == _exactly("0.579825 0.25529833 0.955972640504 0.736827774428")
