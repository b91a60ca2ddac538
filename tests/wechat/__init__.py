"""Tests of the WeChat room."""
