"""A stored study is what its command would store: its form, and a few of its runs trained again."""

import numpy as np
import pytest

from actlib.course import data, studies
from actlib.course.studies import LINEAR, STUDIES, WORDS, reviews, spread_from_bumps
from actlib.lab import compare

STEADY = ("relu", "10, momentum", "1, momentum", "1", "exp, 1", "10")
"""Competitors whose runs rounding moves by less than a point; each study has one."""
each_study = pytest.mark.parametrize("name", STUDIES)


def test_what_is_stored_is_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    monkeypatch.setattr(studies, "STUDIES", {"small": None})

    def score(competitor, rate, run, budget):
        return -abs(rate - 0.1) + run + budget / 100 + (competitor == "a")

    made = compare(score, "ab", [0.01, 0.1, 1.0], budget=7, runs=3, tuning=2)
    (tmp_path / "small.csv").write_text(studies.text(made), "utf-8")
    got = studies.read("small")
    assert got.budget == 7
    assert list(got.outcomes) == ["a", "b"]
    for name, outcome in made.outcomes.items():
        assert got.outcomes[name].rate == outcome.rate
        assert got.outcomes[name].tuning == pytest.approx(dict(outcome.tuning))
        np.testing.assert_allclose(got.outcomes[name].scores, outcome.scores, rtol=1e-5)
        np.testing.assert_allclose(got.outcomes[name].longer, outcome.longer, rtol=1e-5)


def test_a_study_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match=r"name must be one of .*'digits'.* got 'letters'"):
        studies.read("letters")


@pytest.mark.parametrize("name", ["digits", "spirals", "deep_spirals", "products"])
def test_a_training_that_diverges_has_no_score(name):
    study = STUDIES[name]
    with np.errstate(all="ignore"):
        assert np.isnan(study.score("relu", 1e300, 0, 1))


@each_study
def test_a_study_is_stored_whole(name):
    study, result = STUDIES[name], studies.read(name)
    assert list(result.outcomes) == list(study.competitors)
    assert result.budget == study.budget
    for competitor, outcome in result.outcomes.items():
        assert len(outcome.scores) == len(outcome.longer) == study.runs
        best, *others = sorted(outcome.tuning.values(), reverse=True)
        assert outcome.tuning[outcome.rate] == best
        enclosed = outcome.is_enclosed or best in others
        assert enclosed, f"{competitor}: the best rate is at an end, {outcome.tuning}"


@each_study
def test_runs_trained_again_find_the_stored_scores(name):
    study, result = STUDIES[name], studies.read(name)
    if LINEAR in study.competitors:
        linear = [study.again(result, LINEAR, run) for run in range(2)]
        np.testing.assert_allclose(linear, result.outcomes[LINEAR].scores[:2], atol=0.3)
    steady = next(name for name in STEADY if name in study.competitors)
    again = study.again(result, steady, 0)
    stored = result.outcomes[steady].scores
    assert abs(again - stored[0]) < 1
    wrong = study.score(steady, 1e-3, 0, 1)
    assert abs(wrong - stored[0]) > 1, "the comparison with the stored score could not fail"


def test_context_turns_a_review_round():
    def judged(text):
        class Draws:
            def integers(self, low, high, shape):
                return np.array([[WORDS.index(word) for word in text.split()]])

        x, praises, plain = reviews(1, Draws())
        return x.shape, list(praises), list(plain)

    assert judged("the film not good the film") == ((1, 48), [0], [1])
    assert judged("bad very great the the film") == ((1, 48), [1], [1])
    assert judged("good bad the film the film") == ((0, 48), [], [])


def test_the_excess_of_the_true_mean_and_variance_is_nothing(monkeypatch):
    """A head that knows the spread, and bumps that can make the sine, leave next to no excess."""
    x = np.linspace(-2, 2, 200)
    monkeypatch.setattr(studies, "_head", lambda head, s: (2 * np.log(0.05 + 0.2 * x**2), np.zeros(200)))
    assert -0.05 < spread_from_bumps("exp, 1", 0.01, 0, 3000) / 100 < 0
    assert spread_from_bumps("exp, 1", 0.01, 0, 1) / 100 < -1
