"""What a page shows: figures, tables, fact cards, verdicts and widgets. It needs the extra `course`."""

from importlib.util import find_spec as _find

_missing = [name for name in ("anywidget", "IPython", "matplotlib", "yaml") if _find(name) is None]
if _missing:
    raise ModuleNotFoundError(
        f"actlib.course needs {', '.join(_missing)}; the extra course brings it: actlib[course]",
        name=_missing[0],
    )
