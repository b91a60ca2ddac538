"""The figures of `make bench`: what we do beside what the machine could do, in the same run."""
