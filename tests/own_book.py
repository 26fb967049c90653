"""The book of this checkout, read once for all tests of a process."""

from tools import book

BOOK = book.read()
PAGES = {page.name: page for page in BOOK.pages}
