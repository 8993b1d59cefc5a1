"""What a person who runs Uproar looks at: metrics, health, logs, and who waits for what."""
