"""The resident's pages: scan, report, follow, answer, find again."""
