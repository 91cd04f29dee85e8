"""A run: its configuration, plan, costs, progress, terminal, locks, provenance and manifest."""
