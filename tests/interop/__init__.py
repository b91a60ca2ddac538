"""12345 work orders: in, matched, out, counted."""
