"""One setting makes every link to the repository; without it there is none."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.site.conftest import Site, pages
from tests.site.test_pages import soup
from tools import build

OWN = "someone/some-book"
ADDRESS = "https://someone.github.io/some-book/"
NOTICE = "Not verified: 1 < 2."
CHAPTERS = ("tanh", "summary")


def links(page: Path) -> dict[str, str]:
    return {link.text: str(link["href"]) for link in soup(page).select(".page-menu a")}


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site of three pages that is built for a repository and bears a notice."""
    output = tmp_path_factory.mktemp("forked")
    toc = output / "toc.yml"
    toc.write_text(
        f"format: jb-book\nroot: index\nchapters: {[{'file': name} for name in CHAPTERS]}\n", "utf-8"
    )
    command = build.command(output)
    command[command.index("--toc") + 1] = str(toc)
    environment = {**os.environ, "BOOK_REPOSITORY": OWN, "BOOK_NOTICE": NOTICE}
    done = subprocess.run(
        command, cwd=build.ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return output / "_build" / "html"


def test_without_the_setting_nothing_links_to_a_repository(site: Site) -> None:
    for name in pages():
        assert links(site.folder / f"{name}.html").keys() <= {"Download notebook"}
        for host in ("colab.research", "mybinder.org", "/edit/main/"):
            assert host not in (site.folder / f"{name}.html").read_text("utf-8")


def test_without_the_setting_no_page_has_an_address(site: Site) -> None:
    assert not {"404.html", "sitemap.xml", "robots.txt"} & {path.name for path in site.folder.iterdir()}
    for name in pages():
        page = soup(site.folder / f"{name}.html")
        assert page.select('link[rel=canonical], meta[property="og:image"], meta[property="og:url"]') == []
        assert page.select('meta[property="og:title"]')


def test_with_the_setting_a_shared_link_shows_a_card(forked: Path) -> None:
    for name in ("index", *CHAPTERS):
        page = soup(forked / f"{name}.html")
        said = {meta["property"]: meta["content"] for meta in page.select("meta[property]")}
        (canonical,) = page.select("link[rel=canonical]")
        assert canonical["href"] == said["og:url"] == ADDRESS + ("" if name == "index" else f"{name}.html")
        assert said["og:description"] == page.select_one("meta[name=description]")["content"]  # type: ignore[index]
        assert said["og:title"] in page.title.text  # type: ignore[union-attr]
        assert said["og:image"] == f"{ADDRESS}_static/card.png"
    card = forked / "_static" / "card.png"
    assert card.stat().st_size < 100_000
    with Image.open(card) as image:
        assert image.size == (int(str(said["og:image:width"])), int(str(said["og:image:height"])))


def test_with_the_setting_the_site_has_a_map(forked: Path) -> None:
    places = [place.text for place in ET.parse(forked / "sitemap.xml").iter() if place.tag.endswith("loc")]
    assert places == [ADDRESS, *sorted(f"{ADDRESS}{name}.html" for name in CHAPTERS)]
    assert f"Sitemap: {ADDRESS}sitemap.xml\n" in (forked / "robots.txt").read_text("utf-8")


def test_the_page_for_wrong_addresses_works_from_any(forked: Path) -> None:
    page = soup(forked / "404.html")
    for element in page.select("[href], [src], [action]"):
        target = str(element.get("href") or element.get("src") or element.get("action"))
        if not target.startswith(("#", "https://")):
            assert target.startswith("/some-book/"), element
            file = urlsplit(target).path.removeprefix("/some-book/") or "index.html"
            assert (forked / file).is_file(), element


def test_with_the_setting_every_chapter_links_to_it(forked: Path) -> None:
    for name in CHAPTERS:
        assert links(forked / f"{name}.html") == {
            "Open in Colab": f"https://colab.research.google.com/github/{OWN}/blob/notebooks/{name}.ipynb",
            "Open in Binder": f"https://mybinder.org/v2/gh/{OWN}/main?urlpath=lab/tree/book/{name}.ipynb",
            "Source": f"https://github.com/{OWN}/blob/main/book/{name}.ipynb",
            "Edit": f"https://github.com/{OWN}/edit/main/book/{name}.ipynb",
            "Report a fault": f"https://github.com/{OWN}/issues/new?title=Fault%20on%20page%20{name}",
            "Download notebook": f"_sources/{name}.ipynb",
        }


def test_with_the_setting_the_published_notebook_installs_from_it(forked: Path) -> None:
    for name in CHAPTERS:
        assert f"https://github.com/{OWN}/archive/" in (forked / "_sources" / f"{name}.ipynb").read_text(
            "utf-8"
        )
        assert OWN not in (build.ROOT / "book" / f"{name}.ipynb").read_text("utf-8")


def test_a_notice_stands_at_the_top_of_every_page_and_nowhere_without_the_setting(
    forked: Path, site: Site
) -> None:
    for name in ("index", *CHAPTERS, "search"):
        page = soup(forked / f"{name}.html")
        assert [notice.text.strip() for notice in page.select(".bd-header-announcement")] == [NOTICE]
        assert "bd-header-announcement" not in (site.folder / f"{name}.html").read_text("utf-8")
