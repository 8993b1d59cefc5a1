"""Users of a ClickHouse of your own."""
