"""The pages to look things up in hold what they promise, and take nothing from the others."""

from __future__ import annotations

import types

import pytest

import actlib
import actlib.course.widgets
import actlib.lab
import actlib.measure
from actlib import activations
from tests.own_book import BOOK
from tests.site.conftest import Site
from tests.site.test_pages import ids, soup


def public(module: types.ModuleType) -> list[str]:
    """Return the names that a user of a module is to see."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    ]


@pytest.mark.parametrize(
    "module", [actlib, actlib.measure, actlib.lab, actlib.course.widgets], ids=lambda module: module.__name__
)
def test_every_public_name_has_its_entry(site: Site, module: types.ModuleType) -> None:
    entries = ids(site.folder / "api.html")
    assert public(module)
    assert [name for name in public(module) if f"{module.__name__}.{name}" not in entries] == []


def test_what_the_twelve_inherit_stands_once(site: Site) -> None:
    entries = ids(site.folder / "api.html")
    own = {f"actlib.{type(f).__name__}.{name}" for f in activations.values() for name in ("vjp", "facts")}
    assert own.isdisjoint(entries)
    assert {"actlib.contract.activation.Elementwise.vjp", "actlib.Softmax.log"} <= entries.keys()


def test_every_argument_is_named(site: Site) -> None:
    assert "*args" not in soup(site.folder / "api.html").text


def test_names_of_the_package_are_links_and_arguments_are_not(site: Site) -> None:
    page = soup(site.folder / "api.html")
    links = {link.text: link["href"] for link in page.select('article p a[href^="#"]')}
    assert links["Elementwise"] == "#actlib.contract.activation.Elementwise"
    assert links.keys().isdisjoint({"upstream", "f", "start", "pieces", "seed"})


def test_no_entry_shows_an_address_of_the_machine(site: Site) -> None:
    assert " at 0x" not in soup(site.folder / "api.html").text


def test_citations_lead_to_the_list_of_their_own_page(site: Site, text_page: str) -> None:
    page = soup(site.folder / f"{text_page}.html")
    assert page.select('article a[href^="bibliography.html#"]') == []


def test_the_bibliography_has_every_entry(site: Site) -> None:
    entries = soup(site.folder / "bibliography.html").select("article .citation")
    assert len(entries) == len(BOOK.bibliography)
