"""The reference of the package: every activation from its docstring, and names that become links."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import NumpyDocstring
from sphinx.util import inspect
from sphinx.util.docutils import SphinxDirective

from actlib import activations

__all__ = ["Activations", "connect"]

NUMPYDOC: Any = Config(napoleon_use_param=False, napoleon_use_rtype=False)
MEMBERS = ("attribute", "method", "property")
"""An argument may have the name of a member of some class, and is no link to it."""
CLASS = """\
.. autoclass:: actlib.{name}
   :members:
   :exclude-members: facts, name, learned

.. py:data:: {instance}
   :module: actlib
   :value: {value}
   :no-contents-entry:
"""


class Activations(SphinxDirective):
    """Every activation in the order of the course: its class, with what only it has, and its instance.

    Written in reStructuredText, as autodoc asks for: ``{eval-rst}`` on a page of Markdown.
    """

    def run(self) -> list[nodes.Node]:
        """Return the entries."""
        text = "\n".join(
            CLASS.format(name=type(f).__name__, instance=name, value=f) for name, f in activations.items()
        )
        return self.parse_text_to_nodes(text)


def connect(app: Sphinx) -> None:
    """Read docstrings, and link what stands between backticks in them."""
    app.setup_extension("sphinx.ext.autodoc")
    app.add_directive("activations", Activations)
    app.connect("autodoc-process-docstring", _parse)
    app.connect("autodoc-process-signature", _sign)
    app.connect("missing-reference", _link)


def _parse(app: Sphinx, what: str, name: str, described: Any, options: Any, lines: list[str]) -> None:
    if what not in ("attribute", "data", "property"):  # a colon in their one sentence parts no type from it
        lines[:] = NumpyDocstring(lines, NUMPYDOC, app, what, name, described, options).lines()


def _sign(
    app: Sphinx,
    what: str,
    name: str,
    described: Any,
    options: Any,
    signature: str | None,
    returns: str | None,
) -> tuple[str | None, str | None]:
    """Show the arguments of a widget, which the `__new__` of its base class hides."""
    if what == "class" and signature == "(*args, **kwargs)":
        arguments = inspect.signature(described.__init__, bound_method=True)
        signature = inspect.stringify_signature(arguments, show_annotation=False)
    return signature, returns


def _link(
    app: Sphinx, environment: BuildEnvironment, reference: addnodes.pending_xref, content: nodes.Element
) -> Any:
    """Link a name of the package from wherever it is named; what is none, such as an argument, stays code."""
    if (reference.get("refdomain"), reference.get("reftype")) != ("py", "obj"):
        return None
    domain = environment.get_domain("py")
    assert isinstance(domain, PythonDomain)
    found = domain.find_obj(environment, "", "", reference["reftarget"], None, searchmode=1)
    named = [(name, entry) for name, entry in found if entry.objtype not in MEMBERS]
    if len(named) != 1:
        return content
    ((name, entry),) = named
    return nodes.reference(
        "",
        "",
        content,
        internal=True,
        reftitle=name,
        refuri=f"{app.builder.get_relative_uri(reference['refdoc'], entry.docname)}#{entry.node_id}",
    )
