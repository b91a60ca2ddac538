"""Commands for those who run the product."""
