"""How long a bar of a chart is. Pure."""

STEPS_SECONDS = (
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
    *(86_400, 7 * 86_400, 28 * 86_400),
)
"""Lengths that people read off a clock or a calendar. The totals' grain is a minute."""


def choose_interval(range_seconds: float, most_bars: int = 150) -> int:
    """Return the shortest step, in seconds, that cuts the range into at most `most_bars`.

    >>> choose_interval(3600)
    60
    >>> choose_interval(12 * 86_400)
    7200
    """
    for step in STEPS_SECONDS:
        if range_seconds <= step * most_bars:
            return step
    return STEPS_SECONDS[-1]
