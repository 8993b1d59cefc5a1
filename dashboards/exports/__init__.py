"""Exports: the mentions of a run as one file that other programs read, and `uproar replay` too."""
