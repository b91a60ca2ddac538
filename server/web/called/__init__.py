"""The pages of a called body that has no account: one link, one report (A7)."""
