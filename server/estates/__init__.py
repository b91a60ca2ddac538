"""Places: county, township, community, estate, spot; scan codes, posters and the import of estates."""
