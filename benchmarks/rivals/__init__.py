"""What Uproar's pipeline is compared with; each program runs alone (`benchmarks.ways`)."""
