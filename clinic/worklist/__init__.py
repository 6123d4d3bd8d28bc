"""The worklist: the day's visits and the loose ends of a person's sites, in words, part by part."""
