"""What pages once said beyond the truth: a test computes what is true and reads the page for it."""

import csv
import re
import tomllib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from nbformat import NotebookNode
from scipy import stats

from actlib import LeakyReLU, Swish, activations, elu, gelu, mish, relu, sigmoid, softplus, swish, tanh
from actlib.contract.activation import Elementwise
from actlib.contract.moments import normal_quadrature
from actlib.course import data
from actlib.measure import chi, gaussian_moments
from tests import own_book
from tools import book as book_files
from tools.toc import BOOK, ROOT

PAGES = {name: page for name, page in own_book.PAGES.items() if page.notebook}
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}


def text(page: str) -> str:
    """Return the page's text, captions and verdicts in one line."""
    shown = (part for cell in PAGES[page].code for part in book_files.printed(cell))
    return " ".join(" ".join([PAGES[page].text, *shown]).split())


def sentences(page: str) -> list[str]:
    lines = [
        line for cell in PAGES[page].code for part in book_files.printed(cell) for line in part.split("\n")
    ]
    paragraphs = [" ".join(each.split()) for each in [*re.split(r"\n\s*\n", PAGES[page].text), *lines]]
    return [part for each in paragraphs for part in re.split(r"(?<=[.!?:])\s+(?=[A-Z*$\[])", each)]


def cell(page: str, code: str) -> NotebookNode:
    """Return the one cell whose source has this code."""
    (found,) = (cell for cell in PAGES[page].code if code in cell.source)
    return found


def defined(page: str, name: str, **given: Any) -> Callable[..., Any]:
    """Return a function that a cell of a page defines; the cell runs with the names that it needs."""
    exec(cell(page, f"def {name}(").source, given)
    found: Callable[..., Any] = given[name]
    return found


def on_digits(name: str, images: str = "test") -> dict[float, list[int]]:
    """Return right answers seed by seed, by rate, of the stored networks of three layers at own gain."""
    with data.path("training.csv").open(encoding="utf-8") as file:
        return {
            float(row["rate"]): [int(row[str(seed)]) for seed in range(10)]
            for row in csv.DictReader(file)
            if (row["function"], row["initialisation"], row["depth"], row["images"])
            == (name, "own gain", "3", images)
        }


def in_front(scores: dict[str, list[int]]) -> list[set[str]]:
    """Return, for each seed, all that have the most right answers."""
    most = [max(each) for each in zip(*scores.values(), strict=True)]
    return [{name for name in scores if scores[name][seed] == top} for seed, top in enumerate(most)]


def test_all_that_are_level_are_in_front():
    names = {"ReLU": "relu", "GELU": "gelu", "tanh": "tanh"}
    expected = in_front({title: on_digits(name)[0.1] for title, name in names.items()})
    printed = re.findall(r"best of the three, seed by seed: ((?:[\w =]+,? ?)+?) ReLU −", text("training"))
    assert [set(seed.split(" = ")) for seed in printed[0].split(", ")] == expected


def test_a_shared_first_place_is_not_counted_as_a_win():
    scores = {}
    for name in activations:
        chosen = on_digits(name, "validation")
        scores[name] = on_digits(name)[max(chosen, key=lambda rate: sum(chosen[rate]))]
    front = [names for names in in_front(scores) if "sigmoid" in names]
    alone = sum(len(names) == 1 for names in front)
    said = re.findall(r"sigmoid[^.]* is alone in front on (\w+) seed", text("training"))
    level = re.findall(r"level with others in front on (\w+)", text("training"))
    assert {WORDS.get(word) or int(word) for word in said} == {alone}
    assert {WORDS.get(word) or int(word) for word in level} == {len(front) - alone}


def test_the_line_has_a_rate_of_its_own():
    rates = list(on_digits("relu"))
    by_rate = re.findall(r"no hidden layer, right by rate: ([\d. ]+\d) ", text("training"))
    said = re.findall(r"(?:At its own rate, |at the rate )([\d.]+), (?:no hidden|has)", text("training"))
    assert said
    assert by_rate
    right = [float(percent) for percent in by_rate[0].split()]
    assert {float(rate) for rate in said} == {rates[int(np.argmax(right))]}
    assert len(right) == len(rates)


def power(n: int, points: float, pairs: int) -> float:
    """Return how often n seeds show a difference of so many points, at the scatter of the median pair."""
    (scatter,) = re.findall(r"scatter of a paired difference, 55 pairs: median ([\d.]+)", text("training"))
    limit = stats.t.ppf(1 - 0.025 / pairs, n - 1)
    return float(stats.nct.sf(limit, n - 1, points / float(scatter) * n**0.5))


def test_so_many_seeds_are_enough_and_few_fewer_are_not():
    claims = re.findall(
        r"difference ([\d.]+): +(\d+) seeds, +(\d+) if it is one of 55 pairs", text("training")
    )
    claims += re.findall(r"For ([\d.]+) points you need (\d+), or (\d+) if you go", text("training"))
    assert len(claims) == 5
    for points, *counts in claims:
        for pairs, n in zip((1, 55), map(int, counts), strict=True):
            slack = round(0.01 * n)  # the scatter is printed to two digits
            assert power(n + slack, float(points), pairs) >= 0.8, (points, n, pairs)
            assert power(n - 1 - slack, float(points), pairs) < 0.8, (points, n, pairs)


def test_a_skip_that_makes_functions_alike_is_scaled():
    unscaled = (1 + chi(relu, 2**0.5, 1.0)) ** 25  # fifty layers, each of which has 1 + χ
    assert unscaled > 1e7
    promise = re.compile(r"\b(?:alike|irrelevant|arrives|normali[sz]ation or)\b")
    found = [
        sentence
        for page in PAGES
        for sentence in sentences(page)
        if re.search(r"\bskips?\b", sentence) and promise.search(sentence)
    ]
    assert len(found) >= 5
    assert [sentence for sentence in found if "scaled" not in sentence.replace("unscaled", "")] == []


def test_swish_leaves_its_tangent_upwards_on_both_sides():
    assert all(2 * swish(x) - x > 0 for x in (-1.0, 1.0))
    (said,) = re.findall(r"It leaves its tangent upwards (.*?),", text("depth"))
    assert said == "on both sides"


def resting_chi(bias: float, variance: float) -> float:
    """Return χ of a softplus stack that rests at a variance, every bias being the same number."""
    z, weight = normal_quadrature()
    x = bias + variance**0.5 * z
    gain_squared = variance / (weight @ softplus(x) ** 2)
    return float(gain_squared * (weight @ sigmoid(x) ** 2))


def test_the_theorem_on_softplus_asks_for_biases_without_a_side():
    (bias, variance, said) = re.findall(
        r"If every bias is \$(-?\d+)\$, a stack at rest with variance (\d+) has \$\\chi = ([\d.]+)\$",
        text("softplus"),
    )[0]
    found = resting_chi(float(bias), float(variance))
    assert found > 1
    assert f"{found:.3f}" == said
    theorem = re.compile(r"\*must\* lose its gradient|loses its gradient, with|vanishes, with")
    stated = [sentence for sentence in sentences("softplus") if theorem.search(sentence)]
    assert len(stated) == 3
    assert all("zero-mean" in sentence for sentence in stated)


def test_products_of_softplus_are_convex_in_each_input_alone():
    value, slope, bend = softplus(0.0), sigmoid(0.0), sigmoid.derivative(0.0)
    assert (value * bend) ** 2 < slope**4  # the determinant of the Hessian of s(x) s(y) at 0, 0
    (said,) = re.findall(r"sums (?:and products )?of softplus units [^.]*? are\b([^(\[{]*)", text("softplus"))
    assert "products in each input alone" in said


def test_the_silent_range_of_the_shifted_softmax_is_said():
    def error(c: float) -> float:
        e = np.exp(np.array([-c - 1, -c]))
        return float(np.abs(e / e.sum() * (1 + np.exp([1.0, 0.0]) / np.exp([0.0, 1.0])) - 1).max())

    first = next(c for c in range(600, 745) if error(c) > 1e-6)
    said = re.findall(r"fails in silence first: from about \$-(\d+)\$ on", text("bug_museum"))
    assert said
    assert all(abs(int(c) - first) < 10 for c in said)


def test_the_forward_difference_in_float32_gets_four_digits():
    f = defined("slopes", "soft_hinge", np=np)
    x = np.linspace(1, 2, 201, dtype=np.float32)
    slope = (1 + np.float64(x) / np.sqrt(np.float64(x) ** 2 + 4)) / 2
    least = min(
        np.sqrt(np.mean((np.float64((f(x + h) - f(x)) / h) - slope) ** 2))
        for h in np.geomspace(5e-4, 5e-3, 41, dtype=np.float32)
    )
    (never, digits_said, most) = re.findall(
        r"In float32 the forward difference (never )?gets (\w+) digits( at best)?", text("slopes")
    )[0]
    assert not never
    assert most
    assert WORDS[digits_said] == int(-np.log10(least))


def test_what_is_said_to_sharpen_into_relu_has_a_parameter_that_does_it():
    first, others = re.findall(r"(\w+) sharpens into ReLU, and so (?:does|do) (.*?)\.", text("family"))[0]
    sharp = {
        f.facts.title.lower()
        for f in activations.values()
        for limit in f.facts.family
        if limit.towards == np.inf and r"\max(0, x)" in limit.formula
    }
    assert {first.lower(), *others.lower().split(" and ")} == sharp


def test_the_size_of_the_biases_moves_bends_out_of_a_window_and_removes_none():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=24), rng.normal(size=24)
    near = [np.sum(abs(c * b / w) < 3) for c in (0.1, 2.0)]
    assert near[0] > near[1]  # each unit bends at −cb/w: once on the whole line, for every c
    for page in ("relu", "why_non_linear"):
        said = re.findall(r"([^.(]*)size (?:of the biases )?plays no part", text(page))
        assert said
        assert all("whole line" in before for before in said)


def test_the_fate_of_a_unit_needs_the_whole_way():
    def hasty(f, z):
        slopes = f.derivative(z)
        found = {"stays": slopes == 0, "sinks": slopes < 0, "returns": slopes > 0}
        return next((fate for fate, are in found.items() if are.all()), "open")

    units = {"ReLU": relu, "leaky 0.01": LeakyReLU(0.01), "ELU": elu, "tanh": tanh}
    units |= {"Swish": swish, "GELU": gelu, "Mish": mish}
    x = np.random.default_rng(0).uniform(-1, 1, 200)
    check = defined("dead_units", "check_fate", np=np, x=x, FUNCTIONS=units)
    assert check(hasty).startswith("not yet: a ledge at -4.0")


def test_a_swish_of_numbers_alone_is_refused():
    def value(x, beta):
        return float(swish(beta * x)) / beta

    def slope(x, beta):
        return float(swish.derivative(beta * x))

    check = defined("swish", "check_swish", np=np, Swish=Swish)
    assert check(value, slope).startswith("not yet: value of an array fails")


@pytest.mark.parametrize("kind", [float, np.float32])
def test_a_gain_may_be_of_any_float_type(kind):
    check = defined("depth", "check_gelu_gain", np=np, chi=chi, gelu=gelu)
    assert check(kind(gelu.facts.moments.gradient_gain)).startswith("right")


def test_what_pytorch_does_is_said_of_the_version_that_is_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (pin,) = re.findall(r"'torch==(\d+\.\d+)", str(project))
    assert set(re.findall(r"PyTorch (\d+\.\d+)", text("relu"))) == {pin}


def test_the_mean_square_of_each_function_rises_with_that_of_its_input():
    sizes = np.geomspace(1e-6, 1e6, 100)
    for f in activations.values():
        if isinstance(f, Elementwise):
            assert np.all(np.diff([gaussian_moments(f, q).second for q in sizes]) > 0), f.name


def test_at_gain_1_tanh_fades_like_one_over_twice_the_depth():
    q, layers = 1.0, 2000
    for _ in range(layers):
        q = gaussian_moments(tanh, q).second
    (said,) = re.findall(r"q \\approx 1/\((\d+)l\)", text("tanh"))
    assert 1 / (q * layers) == pytest.approx(int(said), rel=0.02)


def test_unscaled_skips_part_the_functions_by_as_many_powers_as_is_said():
    rows = re.findall(
        r"^\S.*\s(\d(?:\.\d+)?e\+\d+)$", "".join(book_files.printed(cell("depth", "unscaled:.0e"))), re.M
    )
    sizes = [float(size) for size in rows]
    assert len(sizes) == 11
    assert int(np.log10(max(sizes) / min(sizes))) == 7
    assert "part by seven powers of ten" in text("depth")


def test_the_glossary_has_the_error_of_a_central_difference():
    (divisor,) = re.findall(r"h\^2 f'''/(\d+)", (BOOK / "glossary.md").read_text("utf-8"))
    h, x = 0.5, 2.0  # exact in binary, and x³ has f''' = 6
    error = ((x + h) ** 3 - (x - h) ** 3) / (2 * h) - 3 * x**2
    assert error == h**2 * 6 / int(divisor)
