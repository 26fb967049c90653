"""Tests of `actlib.contract`."""
