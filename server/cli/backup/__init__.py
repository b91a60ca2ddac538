"""Backup and restore: the database as PostgreSQL's own programs write it, photos beside it, and a list of every hash."""
