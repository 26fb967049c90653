r"""The numbers that a text states, and whether something supports them.

A number of a text stands for every value that rounds to it. A measured value that does (an output, a
fact) supports it, and so does a setting that is it (a literal of the code). "18 %" is 0.18 or 18, "more
than 95 %" may be 95.5 % cut off, "about 320" may be 317, and `10^{-16}` is an order of magnitude. Signs
are not compared. A number of one digit, such as 0.02, would be near something on any page: its support
has to be written just so. Zero with decimals, 0.00, says that a digit was lost, and has no support.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain
from math import e, floor, isclose, isfinite, log, log10, pi, sqrt
from operator import or_

from tools.references import LINK, LIST

COUNTS_TO = 12
"""Integers up to this one count; they need no support."""
CONSTANTS = (e, pi, sqrt(2), log(2), log(10))
DRAWN = 1
"""A text alternative may give so many digits of what it reads off a drawing without support."""
CITE = re.compile(r"\{cite\}\[(\w+)\]")
"""What a citation is replaced with."""
QUOTED = 3
"""In a sentence that cites, a number with fewer digits than these is one of its source."""

MANTISSA = r"(?<![\w.])(?P<whole>\d{{1,3}}(?:{comma}\d{{3}})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
POWER = r"10\s*\^\s*(?:\{{\s*(?P<{0}>[-+]?\d+)\s*\}}|(?P<{0}_>[-+]?\d+))"
EXPONENT = rf"(?:e(?P<e>[-+]?\d+)(?!\w)|\s*(?:\\cdot|\\times|[·×])\s*{POWER.format('times')})?"
PERCENT = r"(?P<percent>\s?%|\s+per\s?cent)?"
PRINTED = re.compile(MANTISSA.format(comma=",") + EXPONENT + PERCENT)  # a space parts columns
EXACT = r"(?:(?<![\w.])\d+\s*\^|[_^])\s*(?:\{[^{}.]*\}|[-+]?\d+(?!\.|\d))"  # 2^{-52}, x_1, e^{710}
NUMBER = re.compile(
    rf"(?<![\w.]){POWER.format('order')}|(?P<exact>{EXACT})|"
    + MANTISSA.format(comma="[ ,]")
    + EXPONENT
    + PERCENT
)
TAG = re.compile(r"""</?[a-z]\w*(?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*\s*/?>""")
FRACTION = re.compile(r"\\[dt]?frac\s*(?:(\d)|\{(\d+)\})\s*(?:(\d)|\{(\d+)\})")
MATHS = re.compile(r"(\$\$.*?\$\$|\$[^$]+\$)", re.S)
RELATION = r"[=<>≈,]|\\(?:approx|leq?|geq?|lt|gt|sim)\b"
STANDS_ALONE = (
    re.compile(rf"(?:^|{RELATION})\s*(?:[-+±]|\\pm)?\s*$"),
    re.compile(rf"\s*(?:$|[.;%]|{RELATION})"),
)

YEAR = re.compile(r"1[789]\d\d|20\d\d|2100")
BEFORE_YEAR = re.compile(r"(?:\b(?:in|since|until)\s|[A-Z][\w.]+,?\s|\()$")
AFTER_YEAR = re.compile(r"(?!\s[a-z]{4,}s\b)")  # "in 2000 steps" is no year
ORDINAL = re.compile(r"\b(?:exercise|section|chapter|question|figure|table|step)s?\s$", re.I)
AT_LEAST = re.compile(r"\b(?:more than|over|at least)\s\D{0,12}$", re.I)
AT_MOST = re.compile(r"\b(?:less than|fewer than|under|at most)\s\D{0,12}$", re.I)
ABOUT = re.compile(r"(?:\b(?:about|near|nearly|roughly|around|almost|some)\s|≈|\\approx)[\s$]*[-+]?$", re.I)
NAME = re.compile(r"\b[A-Za-z]+-\d+\b(?!\.\d)")
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
PLAIN = re.compile(r"\d+\.\d+")
SETTING = re.compile(r"\d+(?:\.\d*)?(?:e[-+]?\d+)?")
RATES = ("learning_rate", "rate", "rates")
SAYS_RATE = re.compile(r"\b(?:rates?|steps?)\b|\\eta|η", re.I)
PRINTED_RATE = re.compile(r"(?:\brate(?: of)?|η =) +$")
LOOKS = ("linewidth", "rotation", "alpha", "fontsize", "markersize", "zorder")


@dataclass(frozen=True)
class Number:
    """A number as a text writes it."""

    written: str
    value: float
    """Its magnitude."""
    digits: int
    """How many significant digits it has, without the zeros at the end of an integer."""
    unit: float
    """What a step of its last significant digit is worth."""
    sentence: str = ""
    is_percent: bool = False
    order: int | None = None
    """The exponent of a bare power of ten."""
    side: int = 0
    """1 where the text says "more than", -1 where it says "less than"."""

    @property
    def is_quoted(self) -> bool:
        """Whether its sentence cites."""
        return bool(CITE.search(self.sentence))

    @property
    def source(self) -> str:
        """The keys that its sentence cites."""
        return ",".join(CITE.findall(self.sentence))

    def is_rounded(self, value: float) -> bool:
        """Whether `value`, rounded to the digits of the text or cut off by its words, is this number."""
        if not isfinite(value - self.unit):
            return False
        if self.order is not None:
            return value > 0 and not {self.order, -self.order}.isdisjoint(
                {round(log10(value)), floor(log10(value))}
            )
        slack = 1e-6 * self.unit
        off = value - self.value
        return abs(off) <= self.unit / 2 + slack or 0 < off * self.side < self.unit - slack

    def is_same(self, value: float) -> bool:
        """Whether `value` is this number; a part in `10^{14}` is 1e-14."""
        mine = [self.value] if self.order is None else [float(f"1e{sign * self.order}") for sign in (1, -1)]
        return any(isclose(value, each, rel_tol=1e-9) for each in mine)


@dataclass(frozen=True)
class Support:
    """What supports numbers: values measured, and settings."""

    measured: frozenset[float] = frozenset()
    settings: frozenset[float] = frozenset()
    rates: frozenset[float] = frozenset()
    """Settings that are learning rates: they support a sentence that speaks of one."""

    def __or__(self, other: "Support") -> "Support":
        return Support(
            self.measured | other.measured, self.settings | other.settings, self.rates | other.rates
        )

    def __contains__(self, number: Number) -> bool:
        if number.value == 0 and not number.is_percent:
            return False
        if any(map(number.is_same, self.rates)) and SAYS_RATE.search(number.sentence):
            return True
        if number.digits == 1 and PLAIN.fullmatch(number.written):
            return any(map(number.is_same, self.settings | self.measured))
        if number.is_percent:
            shares = (100 * value for value in self.measured | self.settings)
            return any(map(number.is_rounded, shares)) or any(map(number.is_same, self.measured))
        return any(map(number.is_same, self.settings)) or any(map(number.is_rounded, self.measured))


@dataclass(frozen=True)
class Section:
    """A stretch of a page: what its author wrote, what its figures are said to show, what it measures."""

    texts: tuple[str, ...]
    alternatives: tuple[str, ...]
    support: Support


def unsupported(sections: Sequence[Section], facts: Iterable[float] = ()) -> Iterator[Number]:
    """Yield the numbers of a page that nothing supports.

    On a long page chance supports any short number. So a number with fewer than four digits, and every
    percentage, wants its support in its own section, or, where that measures nothing, in those before
    it. Everywhere hold whole settings and facts, rounded to no fewer than three digits. In a sentence
    that cites, a short number is a quotation, and nothing measured supports it.
    """
    supports = [section.support for section in sections]
    known = Support(frozenset({*facts, *CONSTANTS}))
    page = reduce(or_, supports, known)
    everywhere = Support(settings=frozenset({*facts, *filter(float.is_integer, page.settings)}))
    for section, so_far in zip(sections, accumulate(supports, or_), strict=True):
        near = everywhere | (section.support if section.support.measured else so_far)
        for_digits = {1: near, 2: near, 3: near | known}
        for texts, fewest in ((section.texts, 1), (section.alternatives, DRAWN + 1)):
            for sentence in chain.from_iterable(map(sentences, texts)):
                for number in numbers(sentence):
                    support = near if number.is_percent else for_digits.get(number.digits, page)
                    quotes = number.is_quoted and number.digits < QUOTED
                    counts = number.digits >= fewest or number.value == 0
                    if counts and (quotes or number not in support):
                        yield number


def sentences(markdown: str) -> Iterator[str]:
    """Yield the sentences of Markdown, table rows and list items, without code, tags and addresses."""
    text = re.sub(r"^(`{3,})(?!\{)[^\n]*\n.*?^\1`*\s*?$", "", markdown, flags=re.M | re.S)
    text = re.sub(r"^(?:[`:]{3,}.*|:[\w-]+:.*|\([\w-]+\)=)$", "", text, flags=re.M)
    text = re.sub(LINK, r"{cite}[\1]", LIST.sub("", text))
    text = re.sub(r"(?:\{[\w:]+\})?(`+)[^`]+\1", " ", text)
    text = re.sub(r"\]\([^)]*\)|https?://\S+", "] ", text)
    text = TAG.sub("\n\n", text)
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.\s))", text):
        flat = re.sub(r"^(?:#+|[-*>]|\d+\.)\s+|^\*\*\d+\.", "", " ".join(block.split()))
        yield from re.split(r"(?<=[.?!])\s+(?=[A-Z*$(\[\"“])", flat)


def numbers(sentence: str) -> Iterator[Number]:
    """Yield the numbers of a sentence that want support: no counts, years, or integers of a formula."""
    for at, part in enumerate(MATHS.split(plain(sentence))):
        is_maths = at % 2 == 1
        part = part.strip("$") if is_maths else NAME.sub(" ", part)
        for found in NUMBER.finditer(part):
            if found["exact"]:
                continue
            before, after = part[: found.start()], part[found.end() :]
            number = parsed(found, sentence, before, after)
            is_integer = number.written.replace(" ", "").replace(",", "").isdecimal()
            if is_integer and (number.value <= COUNTS_TO or exempt(number, before, after, is_maths)):
                continue
            yield number


def plain(text: str) -> str:
    """Return a text with one kind of minus sign, space, fraction and power."""
    for written, meant in (("\N{MINUS SIGN}", "-"), ("{,}", ","), (r"\,", " "), (r"\%", "%")):
        text = text.replace(written, meant)
    text = re.sub("[\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text)
    text = re.sub("[⁻⁰¹²³⁴-⁹]+", lambda found: f"^{{{found[0].translate(RAISED)}}}", text)
    return re.sub(r"(\\[A-Za-z]+)(?=\d)", r"\1 ", FRACTION.sub(r" \1\2/\3\4 ", text))


def exempt(integer: Number, before: str, after: str, is_maths: bool) -> bool:
    """Whether an integer between two stretches of text belongs to a formula, a heading or a calendar."""
    if is_maths:
        return not (STANDS_ALONE[0].search(before) and STANDS_ALONE[1].match(after))
    is_year = YEAR.fullmatch(integer.written) and BEFORE_YEAR.search(before) and AFTER_YEAR.match(after)
    return bool(is_year or ORDINAL.search(before))


def parsed(found: re.Match[str], sentence: str = "", before: str = "", after: str = "") -> Number:
    """Return the number that was found in a sentence, after and before which these stretches stand."""
    parts = found.groupdict()
    if order := parts.get("order") or parts.get("order_"):
        return Number(found[0], float(f"1e{order}"), 1, float(f"1e{order}"), sentence, order=int(order))
    whole, decimals = re.sub(r"\D", "", found["whole"]), (found["decimals"] or "").lstrip(".")
    exponent = int(found["e"] or found["times"] or found["times_"] or 0)
    zeros = 0
    if ABOUT.search(before) and not decimals:
        zeros = max(0, min(len(whole) - len(whole.rstrip("0")), len(whole) - 2))
    is_more = AT_LEAST.search(before) or re.match(r"\s*(?:\\ldots|\\dots|…)", after)
    return Number(
        written=found[0].strip(),
        value=float(f"{whole}.{decimals}e{exponent}"),
        digits=len((whole + decimals if decimals else whole.rstrip("0")).lstrip("0")) or 1,
        unit=float(f"1e{exponent + zeros - len(decimals)}"),
        sentence=sentence,
        is_percent=bool(found["percent"]),
        side=1 if is_more else -1 if AT_MOST.search(before) else 0,
    )


def printed_values(text: str, rates: bool = False) -> Iterator[float]:
    """Yield the values that an output states; `rates` asks for the learning rates alone."""
    text = plain(text)
    for found in PRINTED.finditer(text):
        if bool(PRINTED_RATE.search(text[max(0, found.start() - 12) : found.start()])) != rates:
            continue
        number = parsed(found)
        yield number.value
        if number.is_percent:
            yield number.value / 100


def settings(code: str, rates: bool = False) -> Iterator[float]:
    """Yield the numbers that code is written with, but not those that place a label or set a look.

    Learning rates are told from the others by their names; `rates` asks for them alone.
    """
    nodes: list[ast.AST] = [ast.parse(code)]
    while nodes:
        node = nodes.pop()
        name, value = None, None
        if isinstance(node, ast.keyword):
            name, value = node.arg, node.value
        elif isinstance(node, ast.Assign):
            name, value = ast.unparse(node.targets[0]), node.value
        if name in RATES and value is not None:
            yield from settings(ast.unparse(value)) if rates else ()
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("figures.label", "figures.figure"):
            continue
        if isinstance(node, ast.keyword) and node.arg in LOOKS:
            continue
        if isinstance(node, ast.Constant) and not rates and SETTING.fullmatch(str(node.value)):
            yield float(str(node.value))
        nodes.extend(ast.iter_child_nodes(node))
