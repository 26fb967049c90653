"""Tests of `actlib.course`."""
