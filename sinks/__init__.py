"""The reactions topic -> ClickHouse."""
