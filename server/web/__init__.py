"""Pages by audience, rendered on the server and usable without JavaScript."""
