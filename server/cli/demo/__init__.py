"""The demonstration: two counties with made-up people and reports; refused in production."""
