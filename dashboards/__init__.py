"""ClickHouse -> eyes."""
