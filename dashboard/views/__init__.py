"""Pages of the principal investigator."""
