"""Tests of seeing whether everything works."""
