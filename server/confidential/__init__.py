"""Confidential reports: tables, counties and people of their own, so that no other room's query can meet them."""
