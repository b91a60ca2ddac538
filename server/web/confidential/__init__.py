"""`/c/`: what a confidential body alone reads, and its key."""
