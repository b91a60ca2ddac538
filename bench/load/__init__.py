"""Loads on the real product: `python -m bench.load NAME`, one JSON object a line beside what is asked."""
