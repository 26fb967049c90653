"""Which numbers of a text want support, and what supports them."""

import pytest

from tools.text_numbers import Section, Support, numbers, printed_values, sentences, settings, unsupported


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It keeps 0.234 of it, in 50 layers.", ["0.234", "50"]),
        ("From \N{MINUS SIGN}1.5 to -2.5, at 20 000 or 3,000 points.", ["1.5", "2.5", "20 000", "3,000"]),
        (
            r"A slope of $10^{-16}$, or $2 \cdot 10^{-5}$, or 1e-15.",
            ["10^{-16}", r"2 \cdot 10^{-5}", "1e-15"],
        ),
        ("A slope of 10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT FIVE}.", ["10^{-5}"]),
        (r"It has 18 % or $18\,\%$ of them.", ["18 %", "18 %"]),
        (r"Here $\chi = 0.153$, $L = 63$ and $\kappa \approx 330$.", ["0.153", "63", "330"]),
        ("Twelve is 12, and a pair is 2.", []),
        (r"Then $16 x^{32} + 2^{-52} \tfrac14 - \frac{1}{100} e^{710} + W_{20}$.", []),
        (r"It is $\pm1.317$, and $\tfrac12 + \approx0.3$.", ["1.317", "0.3"]),
        ("In 1986 they did; Verhulst (1838) and Euler 1748 as well.", []),
        ("In 2000 steps it learns.", ["2000"]),
        ("Exercise 14, section 23 and Figure 31.", []),
        ("In float32 and SIG-31, W50 and `code 99` too.", []),
        ("14. An item\n15. Another", []),
        ("```python\nx = 99.5\n```\nSee [this](https://example.org/99.5) and <b id='x99.5'>it</b>.", []),
    ],
)
def test_numbers_of_a_text(text: str, wanted: list[str]) -> None:
    found = [number.written for sentence in sentences(text) for number in numbers(sentence)]
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is 0.234.", 0.23386),
        ("It is 0.2500.", 0.25),
        ("It is 18 %.", 0.1799),
        ("It is 18 per cent.", 0.1799),
        ("It is 18 %.", 18.0),
        ("More than 95 %.", 0.9598),
        ("Fewer than 96 %.", 0.9542),
        ("About 320.", 316.69),
        ("It is 20 000.", 20_000.4),
        (r"It is $2 \cdot 10^{-5}$.", 1.96e-5),
        ("Some $10^{-16}$.", 2.3e-16),
        ("A part in $10^{14}$.", 1e-14),
        (r"Here $e = 2.71\ldots$", 2.718),
    ],
)
def test_a_measured_value_supports_what_it_rounds_to(text: str, value: float) -> None:
    assert left(text, measured=value) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is 0.235.", 0.23386),
        ("It is 0.2338.", 0.23386),
        ("It is 0.2340.", 0.234001 + 1e-4),
        ("It is 18 %.", 0.1749),
        ("It is 18 %.", 18.2),
        ("More than 95 %.", 0.9402),
        ("Fewer than 96 %.", 0.9698),
        ("It is 320.", 316.69),
        ("About 330.", 316.69),
        ("Some $10^{-17}$.", 2.3e-16),
    ],
)
def test_a_measured_value_supports_no_other(text: str, value: float) -> None:
    assert len(left(text, measured=value)) == 1


def test_a_setting_supports_itself_alone() -> None:
    assert left("A width of 256.", setting=256) == []
    assert left("A rate of 0.5.", setting=0.54) == ["0.5"]


def left(text: str, measured: float | None = None, setting: float | None = None) -> list[str]:
    """Return what one value leaves without support."""
    values = (frozenset() if value is None else frozenset([float(value)]) for value in (measured, setting))
    return [number.written for number in unsupported([Section((text,), (), Support(*values))])]


def test_short_numbers_want_support_nearby() -> None:
    here = Section(("It is 0.23, or 0.2339; width 256 at 0.5.",), (), Support(frozenset([7.0])))
    there = Section((), (), Support(frozenset([0.23386]), frozenset([256.0, 0.5])))
    assert [number.written for number in unsupported([there, here])] == ["0.23", "0.5"]
    looks_back = Section(here.texts, (), Support())
    assert list(unsupported([there, looks_back])) == []
    assert [number.written for number in unsupported([looks_back, there])] == ["0.23", "0.5"]


def test_a_fact_holds_everywhere_as_it_is_or_to_three_digits() -> None:
    section = Section(("It is 0.25, 0.153 or 0.15.",), (), Support())
    assert [number.written for number in unsupported([section], facts=[0.25, 0.1528])] == ["0.15"]


def test_a_short_number_of_a_sentence_that_cites_is_quoted_whatever_is_measured() -> None:
    text = "They found 0.5 and 0.123 ([Guo et al., 2017](#Guo2017); [He et al., 2015](#He2015)). It was 0.6."
    support = Support(frozenset([0.5, 0.123, 0.6]))
    found = list(unsupported([Section((text,), (), support)]))
    assert [(number.written, number.source) for number in found] == [("0.5", "Guo2017,He2015")]
    assert [number.written for number in unsupported([Section((text,), (), Support())])] == [
        "0.5",
        "0.123",
        "0.6",
    ]


def test_zero_with_decimals_has_no_support() -> None:
    assert left("A leak of 0.00.", measured=0.0) == ["0.00"]
    assert left("A leak of 0.00.", setting=0.0) == ["0.00"]
    assert left("A leak of 0.", setting=0.0) == []


def test_one_digit_is_no_rounding() -> None:
    assert left("It is 0.02.", measured=0.0187) == ["0.02"]
    assert left("It is 0.02.", measured=0.02) == []
    assert left("It is 0.019.", measured=0.0187) == []


def test_a_learning_rate_supports_a_sentence_about_one() -> None:
    support = Support(rates=frozenset([0.02]))
    texts = ("Trained at the rate 0.02.", "A leak of 0.02.")
    assert [n.sentence for n in unsupported([Section(texts, (), support)])] == ["A leak of 0.02."]


def test_an_alternative_reads_a_drawing_to_one_digit() -> None:
    section = Section((), ("It falls from 0.3 to 4e-32 and 500, through 0.25.",), Support())
    assert [number.written for number in unsupported([section])] == ["0.25"]


def test_values_of_an_output() -> None:
    text = "x  \N{MINUS SIGN}1.5e\N{MINUS SIGN}05  10 200  float32: 18%, 1,000"
    assert list(printed_values(text)) == [1.5e-5, 10, 200, 18, 0.18, 1000]
    assert list(printed_values("learning rate 0.02: loss 0.05; for a rate of 0.3 too")) == [0.05]
    assert list(printed_values("learning rate 0.02: loss 0.05; η = 0.3", rates=True)) == [0.02, 0.3]
    assert list(printed_values(r"$0.09 \cdot 10^{-3}$ at $\pm1.25$")) == [9e-5, 1.25]


def test_settings_of_a_cell() -> None:
    code = """
f(256, rate=0.5, tolerance=Decimal("1e-15"))
figures.label(ax, 0.75, 0.25, "at 99", "blue")
ax.plot(x, linewidth=1.5, label="at 98")
"""
    assert sorted(settings(code)) == [1e-15, 256]
    assert sorted(settings(code, rates=True)) == [0.5]
    assert sorted(settings("rates = (0.1, 0.2); width = 3", rates=True)) == [0.1, 0.2]


def test_numbers_beyond_all_floats_are_unsupported() -> None:
    assert left(r"From $10^{-400}$ to $10^{400}$, or 1e400.", measured=0.5) == [
        "10^{-400}",
        "10^{400}",
        "1e400",
    ]
