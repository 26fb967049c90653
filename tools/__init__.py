"""The commands of the project; the Makefile runs them."""
