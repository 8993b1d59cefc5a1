"""Alerts: thresholds, what they watch, when they fire and what they say."""
