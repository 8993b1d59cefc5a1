"""One node of Apache Kafka from Maven Central, for tests and to try a real one (docs/kafka.md)."""
