"""Running Uproar beside the servers that it needs."""
