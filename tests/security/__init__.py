"""Nobody sees what is not his: permission, canaries, mass assignment, photo links, row-level security."""
