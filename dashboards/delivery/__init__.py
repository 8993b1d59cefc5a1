"""Alerts on their way to people: what is due, in which words, through which channel."""
