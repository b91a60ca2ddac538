"""Looking after what is kept: nothing that was acknowledged is lost, and a drill a day shows that all works."""
