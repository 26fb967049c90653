"""A comparison tunes each competitor alone, pairs the runs, and says a tie where there is one."""

import numpy as np
import pytest
from scipy import stats

from actlib.lab import Comparison, Outcome, compare, difference


def test_the_interval_is_that_of_a_paired_t_test():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, 12)) + random.normal(size=12)
    got = difference(a, b, level=0.9)
    want = stats.ttest_rel(a, b).confidence_interval(0.9)
    np.testing.assert_allclose((got.low, got.high), (want.low, want.high), rtol=1e-12)
    assert got.mean == pytest.approx(np.mean(a - b))
    assert got.runs == 12


def test_nine_in_ten_such_intervals_hold_the_truth():
    random = np.random.default_rng(1)
    leads = [difference(random.normal(0.3, 1, 5), np.zeros(5), level=0.9) for _ in range(4000)]
    held = np.mean([lead.low <= 0.3 <= lead.high for lead in leads])
    assert abs(held - 0.9) < 4 * (0.9 * 0.1 / 4000) ** 0.5


def test_equal_scores_are_a_tie_and_a_constant_lead_is_none():
    assert difference([1, 2, 3], [1, 2, 3]).is_tie
    assert not difference([2, 3, 4], [1, 2, 3]).is_tie
    assert str(difference([1, 2, 3], [2, 3, 4])) == "-1 (-1 to -1, 3 runs): behind"


@pytest.mark.parametrize(
    ("a", "b", "level", "message"),
    [
        ([1.0], [2.0], 0.95, "two or more"),
        ([1.0, 2.0], [1.0], 0.95, "the same runs"),
        ([1.0, 2.0], [1.0, np.nan], 0.95, "must be finite"),
        ([1.0, 2.0], [1.0, 1.0], 1.0, "level must lie between 0 and 1, got 1.0"),
    ],
)
def test_scores_that_do_not_fit_are_refused(a, b, level, message):
    with pytest.raises(ValueError, match=message):
        difference(a, b, level)


BEST = {"slow": 10.0, "fast": 0.001}


def peak(competitor, rate, run, budget):
    """Score best at rates four decades apart, with luck that all share in a run."""
    luck = np.random.default_rng(run).normal()
    return -abs(np.log10(rate / BEST[competitor])) + 100 * luck + budget / 100


def test_each_finds_its_own_rate_beyond_those_that_were_given():
    result = compare(peak, BEST, rates=[0.1], budget=1)
    for name, outcome in result.outcomes.items():
        assert outcome.rate == pytest.approx(BEST[name])
        assert outcome.is_enclosed
    assert list(result.outcomes["slow"].tuning) == sorted(result.outcomes["slow"].tuning)


def test_luck_that_is_shared_does_not_widen_the_interval():
    result = compare(peak, BEST, rates=[0.1], budget=1)
    lead = result.lead("slow", "fast")
    assert abs(lead.mean) < 1e-9
    assert lead.high - lead.low < 1e-9
    assert np.std(result.outcomes["slow"].scores) > 10


def test_no_reported_run_helps_to_choose_a_rate():
    seen = {"tuning": set(), "reported": set()}

    def score(competitor, rate, run, budget):
        seen["reported" if rate == 0.1 and run < 5 else "tuning"].add(run)
        return -abs(rate - 0.1)

    compare(score, "ab", rates=[0.01, 0.1, 1.0], budget=3, runs=5, tuning=2)
    assert seen == {"tuning": {5, 6}, "reported": {0, 1, 2, 3, 4}}


def test_an_end_that_stays_best_is_followed_six_steps_and_said():
    result = compare(lambda c, rate, run, budget: np.log(rate), "ab", rates=[1.0, 2.0], budget=1)
    assert len(result.outcomes["a"].tuning) == 8
    assert not result.outcomes["a"].is_enclosed


def test_a_rate_that_diverges_is_the_worst():
    def score(competitor, rate, run, budget):
        return np.nan if rate > 0.5 else rate

    result = compare(score, "ab", rates=[0.1, 0.3, 1.0], budget=1)
    assert result.outcomes["a"].rate == 0.3
    with pytest.raises(ValueError, match="must hold one at which 'a' trains"):
        compare(lambda *_: np.nan, "ab", rates=[0.1, 0.3], budget=1)


def test_a_run_that_diverged_is_counted_and_has_no_part_in_a_lead():
    def score(competitor, rate, run, budget):
        diverges = competitor == "a" and run == 2 and budget == 2
        return np.nan if diverges else (competitor == "a") + 0.1 * run

    result = compare(score, "ab", rates=[0.1], budget=1, runs=5)
    assert result.outcomes["a"].diverged == (0, 1)
    assert result.lead("a", "b").diverged == 0
    lead = result.lead("a", "b", longer=True)
    assert (lead.mean, lead.runs, lead.diverged) == (pytest.approx(1), 4, 1)
    assert str(lead) == "+1 (+1 to +1, 4 runs, 1 more diverged): ahead"


def test_a_lead_needs_two_runs_that_did_not_diverge():
    result = Comparison({"a": outcome([1, np.nan, np.inf], [1, 1, 1]), "b": outcome([0, 0, 0], [0, 0, 0])}, 1)
    with pytest.raises(ValueError, match="two runs that did not diverge, got 1"):
        result.lead("a", "b")


def outcome(short, longer):
    return Outcome({0.1: 0.0}, 0.1, np.array(short, float), np.array(longer, float))


@pytest.mark.parametrize(
    ("longer", "stays"),
    [([2, 3, 4.5], True), ([0, 1, 2.5], False), ([-2, -3, -4.5], False)],
)
def test_twice_the_budget_is_asked_whether_the_verdict_stays(longer, stays):
    low = outcome([0, 0, 0], [0, 1, 2.4] if longer[0] == 0 else [0, 0, 0])
    result = Comparison({"a": outcome([1, 1.1, 1.2], longer), "b": low}, budget=1)
    assert not result.lead("a", "b").is_tie
    assert result.stays("a", "b") is stays


def test_ties_stay_ties():
    result = Comparison({"a": outcome([1, 2], [3, 1]), "b": outcome([2, 1], [1, 3])}, budget=1)
    assert result.stays("a", "b")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"competitors": ["a"]}, "competitors must be two or more, all different"),
        ({"competitors": ["a", "a"]}, "competitors must be two or more, all different"),
        ({"rates": []}, "rates must hold positive numbers"),
        ({"rates": [0.1, -1]}, "rates must hold positive numbers"),
        ({"budget": 0}, "budget must be >= 1, got 0"),
        ({"runs": 1}, "runs must be >= 2, got 1"),
        ({"tuning": 0}, "tuning must be >= 1, got 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    arguments = {"competitors": "ab", "rates": [0.1], "budget": 1, **change}
    with pytest.raises(ValueError, match=message):
        compare(lambda *_: 1.0, **arguments)


def test_a_name_that_does_not_compete_is_refused():
    result = compare(lambda *_: 1.0, "ab", rates=[0.1], budget=1)
    with pytest.raises(KeyError, match=r"b must be one of \['a', 'b'\], got 'c'"):
        result.lead("a", "c")
