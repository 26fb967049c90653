"""The search page leads first to the page about what is sought, whatever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
import yaml
from playwright.sync_api import Page

from actlib import activations
from tests.conftest import NewPage
from tests.site.conftest import Site, Visit, opener
from tests.site.test_pages import ids
from tools.toc import BOOK, pages

FIRST = {
    "SiLU": "swish.html",
    "swish-1": "swish.html",
    "swish": "swish.html",
    "hardswish": "swish.html",
    "logistic": "sigmoid.html",
    "expit": "sigmoid.html",
    "sigmoid": "sigmoid.html",
    "BCEWithLogitsLoss": "sigmoid.html",
    "torch.nn.Sigmoid": "sigmoid.html",
    "softargmax": "softmax.html",
    "logsumexp": "softmax.html",
    "log-sum-exp": "softmax.html",
    "log sum exp": "softmax.html",
    "temperature": "softmax.html",
    "logits": "softmax.html",
    "log_softmax": "softmax.html",
    "heaviside": "relu.html",
    "rectified linear unit": "relu.html",
    "threshold": "relu.html",
    "ReLU6": "relu.html",
    "kaiming": "relu.html",
    "he initialization": "relu.html",
    "xavier": "depth.html",
    "glorot initialisation": "depth.html",
    "exploding gradient": "depth.html",
    "vanishing gradients": "depth.html",
    "hyperbolic tangent": "tanh.html",
    "dying relu": "dead_units.html",
    "dying ReLU problem": "dead_units.html",
    "vanishing gradient problem": "depth.html",
    "exploding gradient problem": "depth.html",
    "cross entropy": "softmax.html",
    "cross-entropy loss": "softmax.html",
    "activation function": "why_non_linear.html",
    "dead neurons": "dead_units.html",
    "GLU": "choosing.html#gates-units-that-multiply",
    "SwiGLU": "choosing.html#gates-units-that-multiply",
    "SELU": "elu.html",
    "lrelu": "leaky_relu.html",
    "parametric relu": "prelu.html",
    "gaussian error linear unit": "gelu.html",
    "softplus": "softplus.html",
    "backprop": "slopes.html",
    "ulp": "slopes.html#what-a-float-is",
    "quiz": "index.html",
    "silu derivative": "swish.html",
    "xor": "why_non_linear.html",
    "lipschitz": "fact_sheet.html",
    "cheat sheet": "summary.html",
    "every claim": "ledger.html",
    "bibliography": "bibliography.html",
}
# A name and an everyday word.
EVERYDAY = ("{} derivative", "derivative of {}", "{} function", "{} gradient", "{} formula", "{} python")


@pytest.fixture(scope="module")
def search(site: Site, new_page: NewPage) -> Iterator[Page]:
    """Return the search page."""
    with opener(site, new_page) as open_:
        yield open_("search").page


@pytest.mark.parametrize("words", FIRST)
def test_the_first_hit_is_the_page_about_it(search: Page, words: str) -> None:
    search.goto(f"{search.url.partition('?')[0]}?q={quote(words)}")
    first = search.locator("#search-results li a").first
    assert str(first.get_attribute("href")).partition("?")[0] == FIRST[words]


def test_a_function_and_an_everyday_word_lead_to_its_page(search: Page) -> None:
    wanted = {asked.format(f.facts.title): name for name, f in activations.items() for asked in EVERYDAY}
    assert Visit(search).becomes("Boolean(Search._index)")
    # What the page lists, the last first, without the texts around each hit, which it has to fetch.
    first = search.evaluate(
        """queries => Object.fromEntries(queries.map(query =>
             [query, Search._performSearch(...Search._parseQuery(query)).at(-1)?.[0]]))""",
        list(wanted),
    )
    assert first == wanted


def test_every_name_belongs_to_a_place_that_exists_and_to_one_alone(site: Site) -> None:
    places = yaml.safe_load((BOOK / "search.yml").read_text("utf-8"))
    for place in places:
        page, _, anchor = place.partition("#")
        assert page in pages()
        assert not anchor or anchor in ids(site.folder / f"{page}.html"), place
    names = [name.lower() for own in places.values() for name in own]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
