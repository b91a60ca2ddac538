"""Hostile input: tables of it in `data/`, samples in the ordinary suite, the whole sets marked `hostile`."""
