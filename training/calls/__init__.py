"""The models of calls to action."""
