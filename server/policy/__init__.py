"""Rule books: what a county decides, as data, and the pure rules that read it."""
