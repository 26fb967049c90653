"""One setting makes every link to the repository; without it there is none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.site.conftest import Site, chapters, pages
from tools import build

OWN = "someone/some-book"


def links(page: Path) -> dict[str, str]:
    menu = BeautifulSoup(page.read_text("utf-8"), "html.parser").select(".page-menu a")
    return {link.text: str(link["href"]) for link in menu}


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site built for a repository."""
    output = tmp_path_factory.mktemp("forked")
    at = build.COMMAND.index("--path-output") + 1
    command = [*build.COMMAND[:at], str(output), *build.COMMAND[at + 1 :]]
    environment = {**os.environ, "BOOK_REPOSITORY": OWN}
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


def test_with_the_setting_every_chapter_links_to_it(forked: Path) -> None:
    for name in chapters():
        assert links(forked / f"{name}.html") == {
            "Open in Colab": f"https://colab.research.google.com/github/{OWN}/blob/gh-pages/_sources/{name}.ipynb",
            "Open in Binder": f"https://mybinder.org/v2/gh/{OWN}/main?urlpath=lab/tree/book/{name}.ipynb",
            "Source": f"https://github.com/{OWN}/blob/main/book/{name}.ipynb",
            "Edit": f"https://github.com/{OWN}/edit/main/book/{name}.ipynb",
            "Report a fault": f"https://github.com/{OWN}/issues/new?title=Fault%20on%20page%20{name}",
            "Download notebook": f"_sources/{name}.ipynb",
        }


def test_with_the_setting_the_published_notebook_installs_from_it(forked: Path) -> None:
    for name in chapters():
        assert f"git clone --quiet --depth 1 https://github.com/{OWN}" in (
            forked / "_sources" / f"{name}.ipynb"
        ).read_text("utf-8")
        assert OWN not in (build.ROOT / "book" / f"{name}.ipynb").read_text("utf-8")
