"""The posts topic -> the reactions topic."""
