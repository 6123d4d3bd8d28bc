"""A fictitious cohort: invented patients with believable courses, for the demo, the tests and the benchmarks."""
