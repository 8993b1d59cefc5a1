"""Measurements that are run by hand: what they fill and time is invented."""
