"""What the four stages share: records, the wire, settings, text and mentions."""

__version__ = "0.1.0"
