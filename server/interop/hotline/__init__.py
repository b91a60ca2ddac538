"""12345 work orders (A11): in from tables, answers out, and the yearly goal (C9)."""
