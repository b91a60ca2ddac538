"""The JSON API: calls that compose several rooms; a single room brings its own."""
