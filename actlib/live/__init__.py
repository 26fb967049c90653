"""What the live figures compute in the page: ES modules that import each other and nothing else.

Their numbers come from additions, subtractions, products, quotients and square roots alone, each of which
IEEE 754 fixes to the last bit. So every browser computes the same bits, and a page may state them.

>>> from actlib.live import FOLDER
>>> FOLDER.joinpath("__init__.py").is_file()
True
"""

from importlib.resources import files

FOLDER = files("actlib.live")
"""The folder of the modules."""
