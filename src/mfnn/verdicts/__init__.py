"""Estimates with their intervals, claims with their verdicts, and numbers on their way into the paper."""
