"""A resident's report from submission to its close, with all its history."""
