"""The local stack: a Kafka broker and a ClickHouse server out of pip, started and stopped here.

Guarantee: a server started here never outlives the command that started it, however that ends.
Not promised: that Kafka's topics outlive the broker, which keeps them in memory. ClickHouse's
tables do. docs/decisions/0002-local-stack.md has the reasons.
"""
