"""Tests of the activations, over the table in tests/reference.py."""
