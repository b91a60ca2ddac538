"""What manager and bureau share: a report in a list, a report whole, and what they do to it."""
