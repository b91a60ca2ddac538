"""Exchange with systems outside: 12345 work orders."""
