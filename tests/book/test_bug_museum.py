"""Every exhibit of the bug museum fails as it shipped, passes when mended, and takes no wrong mend."""

import math
from collections.abc import Callable
from typing import Any

import nbformat
import numpy as np
import pytest

from tools.toc import BOOK

EXHIBITS = ("mask", "elu", "softplus", "softmax", "jacobian", "gelu", "tolerance", "swish", "relu")
every_exhibit = pytest.mark.parametrize("name", EXHIBITS)


def softmax(x: Any, top: Any, added: float = 0.0) -> Any:
    e = np.exp(x - top)
    return e / (e.sum(axis=-1, keepdims=True) + added)


def top(x: Any) -> Any:
    return x.max(axis=-1, keepdims=True)


def low(x: Any) -> Any:
    return softmax(x, np.maximum(top(x), 0))


erf, erfc = (np.vectorize(f, otypes=[float]) for f in (math.erf, math.erfc))
WRONG_MENDS: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("mask", "a threshold", lambda y, u: u * (y > 1e-3)),
    ("mask", "a mask of what arrives", lambda y, u: u * (u > 0)),
    ("mask", "both masks", lambda y, u: u * (y > 0) * (u > 0)),
    ("mask", "the output itself", lambda y, u: u * y),
    ("mask", "no upstream", lambda y, u: (y > 0) * 1.0),
    ("elu", "nan made 0", lambda x, u: np.nan_to_num(u * np.where(x > 0, 1, np.exp(x)))),
    ("elu", "slope 1", lambda x, u: u * np.where(x > -20, np.exp(np.minimum(x, 0)), 0)),
    ("elu", "clipped too late", lambda x, u: u * np.exp(np.minimum(x, 1e-10))),
    ("elu", "from the output", lambda x, u: u * (np.expm1(np.minimum(x, 0)) + 1)),
    ("softplus", "as it was", lambda x: np.log(1 + np.exp(x))),
    ("softplus", "log1p alone", lambda x: np.log1p(np.exp(x))),
    (
        "softplus",
        "each on its side",
        lambda x: np.where(x > 0, x + np.log(1 + 1 / np.exp(x)), np.log(1 + np.exp(x))),
    ),
    ("softplus", "a threshold at 20", lambda x: np.where(x > 20, x, np.log1p(np.exp(np.minimum(x, 20))))),
    ("softplus", "clipped", lambda x: np.log1p(np.exp(np.clip(x, -700, 700)))),
    ("softplus", "nan made 0", lambda x: np.nan_to_num(np.logaddexp(0, x), posinf=np.inf)),
    ("softmax", "no shift", lambda x: softmax(x, 0)),
    ("softmax", "one shift for all rows", lambda x: softmax(x, x.max())),
    ("softmax", "the mean as shift", lambda x: softmax(x, x.mean(axis=-1, keepdims=True))),
    ("softmax", "a little added", lambda x: softmax(x, np.maximum(x.max(axis=-1, keepdims=True), 0), 1e-12)),
    ("softmax", "clipped", lambda x: softmax(np.clip(x, -500, 500), 0)),
    ("softmax", "mended where it was nan", lambda x: np.where(np.isnan(low(x)), softmax(x, top(x)), low(x))),
    (
        "softmax",
        "over the columns",
        lambda x: np.exp(x - x.max(axis=0)) / np.exp(x - x.max(axis=0)).sum(axis=0),
    ),
    ("jacobian", "the sum over all rows", lambda p, u: p * (u - (p * u).sum())),
    ("jacobian", "the sign", lambda p, u: p * (u + (p * u).sum(axis=-1, keepdims=True))),
    ("jacobian", "p forgotten", lambda p, u: u - (p * u).sum(axis=-1, keepdims=True)),
    ("jacobian", "the shortcut of cross-entropy", lambda p, u: p - u),
    ("gelu", "the tail cut", lambda x: np.where(x < -8, 0.0, 0.5 * x * (1 + erf(x / math.sqrt(2))))),
    ("gelu", "the other side", lambda x: 0.5 * x * (2 - erfc(x / math.sqrt(2)))),
    ("gelu", "the tanh form", lambda x: x / (1 + np.exp(-1.5957691216 * (x + 0.044715 * x**3)))),
    ("gelu", "the magnitude", lambda x: 0.5 * x * erfc(np.abs(x) / math.sqrt(2))),
    ("tolerance", "still as wide as the bug", lambda f, w: bool(np.allclose(f, w, rtol=0, atol=5e-4))),
    ("tolerance", "narrower than float32", lambda f, w: bool(np.allclose(f, w, rtol=0, atol=1e-9))),
    ("tolerance", "equal", lambda f, w: bool(np.array_equal(f, w))),
    ("tolerance", "absolute only", lambda f, w: bool(np.allclose(f, w, rtol=0, atol=1e-6))),
    ("tolerance", "deaf to nan", lambda f, w: not bool((np.abs(f - w) > 1e-6 + 1e-6 * np.abs(w)).any())),
    ("tolerance", "always", lambda f, w: True),
    ("swish", "nan made 0", lambda x: np.nan_to_num(x / (1 + np.exp(-x)), posinf=np.inf)),
    ("swish", "negative made 0", lambda x: np.where(x < 0, 0, x / (1 + np.exp(-x)))),
    (
        "swish",
        "clipped on both sides",
        lambda x: np.clip(x, -700, 700) / (1 + np.exp(-np.clip(x, -700, 700))),
    ),
    ("swish", "a product", lambda x: x * np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))),
    ("relu", "fmax", lambda x: np.fmax(x, 0)),
    ("relu", "a product", lambda x: x * (x > 0)),
    ("relu", "all nan", lambda x: np.where(np.isnan(x).any(), np.nan, np.maximum(x, 0))),
)


def in_place(*arguments: Any) -> Any:
    arguments[0][...] = 0
    return arguments[0]


def raising(*_: Any) -> Any:
    raise ArithmeticError


NO_ANSWERS: tuple[Callable[..., Any], ...] = (
    raising,
    in_place,
    lambda *_: None,
    lambda *_: "passes",
    lambda *_: math.nan,
    lambda *_: 1j,
    lambda *_: [],
    lambda *_: [[1.0], [1.0, 2.0]],
    lambda *a: a,
    lambda *a: a[0].astype(complex),
    lambda *a: a[0] > 0,
    lambda *a: a[0][..., None],
)


UNASKED = ("EPOCHS, WAYS = ", "fig, ax")
"""How cells begin that train for long, or draw: that they run and give what is stored, nbval says."""


@pytest.fixture(scope="module")
def museum() -> dict[str, Any]:
    """Return what the page's code cells leave behind, but for those that nothing here asks for."""
    namespace: dict[str, Any] = {}
    for cell in nbformat.read(BOOK / "bug_museum.ipynb", as_version=4).cells:
        unasked = "install" in cell.metadata.get("tags", []) or cell.source.startswith(UNASKED)
        if cell.cell_type == "code" and not unasked:
            exec(compile(cell.source, cell.id, "exec"), namespace)
    return namespace


def verdict(museum: dict[str, Any], name: str, candidate: Callable[..., Any]) -> str:
    found: str = museum["inspect_candidate"](candidate, museum[f"{name}_cases"])
    return found


@every_exhibit
def test_an_exhibit_fails_as_it_shipped(museum: dict[str, Any], name: str) -> None:
    assert verdict(museum, name, museum[f"{name}_shipped"]).startswith("fails: ")


@every_exhibit
def test_what_the_reader_starts_with_is_what_shipped(museum: dict[str, Any], name: str) -> None:
    assert verdict(museum, name, museum[f"my_{name}"]) == verdict(museum, name, museum[f"{name}_shipped"])


@every_exhibit
def test_a_mended_exhibit_passes(museum: dict[str, Any], name: str) -> None:
    assert verdict(museum, name, museum[f"{name}_mended"]) == "passes"


@pytest.mark.parametrize("name", [name for name in EXHIBITS if name not in ("mask", "gelu")])
def test_the_easy_test_passes_what_shipped(museum: dict[str, Any], name: str) -> None:
    easy = museum[f"{name}_easy"]
    assert museum["inspect_candidate"](museum[f"{name}_shipped"], easy) == "passes"


def test_an_absolute_tolerance_passes_the_tail_and_no_accuracy_sees_the_mask(museum: dict[str, Any]) -> None:
    assert museum["close"]
    assert (museum["trained"][0.05, "y >= 0"] > 0.9).all()


@pytest.mark.parametrize(
    ("name", "how", "candidate"), WRONG_MENDS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_wrong_mend_fails(
    museum: dict[str, Any], name: str, how: str, candidate: Callable[..., Any]
) -> None:
    found = verdict(museum, name, candidate)
    assert found.startswith("fails: "), how
    assert "raises" not in found


@every_exhibit
@pytest.mark.parametrize("candidate", NO_ANSWERS)
def test_what_is_no_answer_fails_and_stops_nothing(
    museum: dict[str, Any], name: str, candidate: Callable[..., Any]
) -> None:
    assert verdict(museum, name, candidate).startswith("fails: ")


def test_a_right_answer_that_changes_its_input_fails(museum: dict[str, Any]) -> None:
    found = verdict(museum, "relu", lambda x: np.maximum(x, 0, out=x))
    assert found == "fails: numbers: changes its input"


def test_the_exercises_judge_their_own_solutions(museum: dict[str, Any]) -> None:
    inspect, check = museum["inspect_candidate"], museum["check_test"]
    assert check(museum["test_solution"]) == "right on all nine"
    assert check(museum["my_test"]).startswith("not yet")
    for useless in (
        raising,
        lambda f: None,
        lambda f: True,
        lambda f: False,
        lambda f: np.array([True, True]),
    ):
        assert check(useless).startswith("not yet")
    assert inspect(museum["tanh_solution"], museum["tanh_cases"]) == "passes"
    assert inspect(museum["my_tanh"], museum["tanh_cases"]).startswith("fails: ")


def test_the_checklist_passes_every_activation_and_finds_textbook_faults(museum: dict[str, Any]) -> None:
    assert len(museum["ours"]) == 12
    assert all(all(answers) for answers in museum["ours"].values())
    assert sum(not all(answers) for answers in museum["theirs"].values()) == 8
    assert museum["checklist"](raising, raising) == [False] * 7


def test_the_checklist_sees_an_overflow_of_one_type_alone(museum: dict[str, Any]) -> None:
    for dtype in (np.float16, np.float32):

        def softplus(x: Any, dtype: type = dtype) -> Any:
            return np.log1p(np.exp(x)) if x.dtype == dtype else np.logaddexp(0, x)

        answers = museum["checklist"](softplus, museum["sigmoid"])
        failed = [q for q, passes in zip(museum["QUESTIONS"], answers, strict=True) if not passes]
        assert failed == ["edges"]


def test_the_overview_says_where_the_easy_tests_meet_the_bugs(museum: dict[str, Any]) -> None:
    met = {
        name: int(museum["wrong_at"](looked, shipped, mended).sum()) if len(looked) else 0
        for name, (shipped, mended, looked, _) in museum["OVERVIEW"].items()
    }
    assert [name[0] for name, times in met.items() if times == 0] == ["1", "2", "3", "4", "9"]
    for shipped, mended, _, _ in museum["OVERVIEW"].values():
        assert museum["wrong_at"](museum["tried"], shipped, mended).any()


@pytest.mark.parametrize("seed", range(5))
def test_another_cpu_draws_the_same_digits(museum: dict[str, Any], seed: int) -> None:
    rng = np.random.default_rng(seed)

    def other(f: Callable[..., Any]) -> Callable[..., Any]:
        """Return f with every tenth result off by its last digit, saturated ones as they are."""

        def almost(x: Any) -> Any:
            y = np.asarray(f(x))
            off = rng.choice([-1, 0, 1], size=y.shape, p=[0.05, 0.9, 0.05])
            return y + np.where(np.isfinite(y) & (np.abs(y) != 1), off * np.spacing(y), 0)

        return almost

    exp, log, bell = other(np.exp), other(np.log), other(erf)
    worst, softplus = museum["worst_between"], museum["softplus_exact"]
    for ours, theirs, exact in (
        (museum["before_the_mend"], lambda x: log(1 + exp(x)), softplus),
        (museum["softplus_shipped"], lambda x: x + log(1 + 1 / exp(x)), softplus),
        (museum["gelu_shipped"], lambda x: 0.5 * x * (1 + bell(x / math.sqrt(2))), museum["gelu"]),
    ):
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(worst(theirs, exact), worst(ours, exact))


def test_the_pages_count_the_exhibits() -> None:
    assert len(EXHIBITS) == 9
    assert "nine bugs of public projects" in (BOOK / "index.md").read_text("utf-8")
    assert "each of nine real bugs" in (BOOK / "bug_museum.ipynb").read_text("utf-8")
