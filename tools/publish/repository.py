"""Where the book lives: one setting, `BOOK_REPOSITORY=owner/name`, makes every link to it.

Without the setting no page shows a link, and the published notebooks stay as they are.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from tools.install_cell import filled

__all__ = ["Link", "Repository", "connect", "fill_install"]

SETTING = "BOOK_REPOSITORY"
FOLDER = "book"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")

LINK = re.compile(r"""(\]\(|<a href=\\?")([\w-]+)\.(?:ipynb|md)(?=[#)"\\])""")


@dataclass(frozen=True)
class Link:
    """A link of the page's menu."""

    text: str
    url: str


@dataclass(frozen=True)
class Repository:
    """A GitHub repository that holds the book on `main` and the published notebooks on `notebooks`."""

    owner: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Repository | None:
        """Return the repository that `text` names, or None if it is empty.

        Raises
        ------
        ConfigError
            If `text` is not of the form ``owner/name``.

        Examples
        --------
        >>> Repository.parse("someone/some-book")
        Repository(owner='someone', name='some-book')
        """
        if not text.strip():
            return None
        if not NAME.fullmatch(text.strip()):
            raise ConfigError(f"{SETTING} must be owner/name or empty, got {text!r}")
        return cls(*text.strip().split("/"))

    @property
    def address(self) -> str:
        """Where GitHub Pages serves the site.

        >>> Repository("someone", "some-book").address
        'https://someone.github.io/some-book/'
        """
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    @property
    def path(self) -> str:
        """Owner and name, as in every address."""
        return f"{self.owner}/{self.name}"

    @property
    def site(self) -> str:
        """The address of the site, with a slash at its end."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    def links(self, page: str, suffix: str) -> list[Link]:
        """Return the links of a page: where it runs, its source, how to edit it, how to report a fault."""
        home = f"https://github.com/{self.path}"
        file = f"{FOLDER}/{page}{suffix}"
        launch = [
            Link(
                "Open in Colab",
                f"https://colab.research.google.com/github/{self.path}/blob/notebooks/{page}{suffix}",
            ),
            Link("Open in Binder", f"https://mybinder.org/v2/gh/{self.path}/main?urlpath=lab/tree/{file}"),
        ]
        return [
            *(launch if suffix == ".ipynb" else []),
            Link("Source", f"{home}/blob/main/{file}"),
            Link("Edit", f"{home}/edit/main/{file}"),
            Link("Report a fault", f"{home}/issues/new?title=Fault%20on%20page%20{page}"),
        ]


def fill_install(notebook: str, repository: Repository, commit: str = "refs/heads/main") -> str:
    """Return the notebook's text as a reader may open it anywhere, without the files beside it.

    The cell tagged ``install`` gets actlib from `repository` as it was at `commit`, and links to other
    pages lead to the site.
    """
    content = json.loads(LINK.sub(rf"\1{repository.site}\2.html", notebook))
    cell = filled(f"https://github.com/{repository.path}/archive/{commit}.zip")
    for each in content["cells"]:
        if "install" in each["metadata"].get("tags", ()):
            each["source"] = cell.splitlines(keepends=True)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def connect(app: Sphinx) -> None:
    """Read the setting, link every page and fill the published notebooks."""
    app.add_config_value("book_repository", os.environ.get(SETTING, ""), "html")
    app.connect("config-inited", _set_address)
    app.connect("html-page-context", _add_links)
    app.connect("build-finished", _fill_sources)


def _set_address(app: Sphinx, config: Any) -> None:
    repository = Repository.parse(config.book_repository)
    if (
        repository and not config.html_baseurl
    ):  # which `html: baseurl` in _config.yml sets, for a domain of one's own
        config.html_baseurl = repository.address


def _add_links(app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any) -> None:
    repository = Repository.parse(app.config.book_repository)
    suffix = context.get("page_source_suffix")
    links = repository.links(page, suffix) if repository and suffix else []
    if suffix == ".ipynb":
        links.append(Link("Download notebook", context["pathto"](f"_sources/{page}{suffix}", 1)))
    context["page_links"] = links


def _fill_sources(app: Sphinx, exception: Exception | None) -> None:
    repository = Repository.parse(app.config.book_repository)
    if exception or repository is None:
        return
    for path in Path(app.outdir, "_sources").rglob("*.ipynb"):
        commit = os.environ.get("GITHUB_SHA") or "refs/heads/main"
        path.write_text(fill_install(path.read_text("utf-8"), repository, commit), "utf-8", newline="\n")
