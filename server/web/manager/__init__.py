"""The pages of whoever deals with reports: property managers first, on a phone."""
