"""Platforms and recordings -> the posts topic."""
