"""What should happen: the study protocol as data. Pure Python, the ground floor of the house."""
