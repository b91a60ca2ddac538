"""What the public sees of a report: piece by piece, checked, released by a person, and taken back by its author."""
