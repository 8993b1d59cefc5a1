"""How the volume of an entity went, in as many steps as a picture can show. Pure."""

from datetime import datetime, timedelta

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)
"""Minutes that a step may have."""
MOST_STEPS = 480


class Course:
    """Posts that were seen and expected, by step; what is not known adds to none."""

    def __init__(self, since: datetime, until: datetime) -> None:
        minutes = max(1.0, (until - since) / timedelta(minutes=1))
        self.since, self.until = since, until
        self.step = timedelta(
            minutes=next((step for step in STEPS if minutes / step <= MOST_STEPS), STEPS[-1])
        )
        count = max(1, -(-(until - since) // self.step))
        self.posts = [0] * count
        self.expected = [0.0] * count

    def add(self, minute: datetime, posts: int, expected: float) -> None:
        """Add a minute of the stretch."""
        place = (minute - self.since) // self.step
        self.posts[place] += posts
        self.expected[place] += expected

    def at(self, place: int) -> datetime:
        """Return when a step begins."""
        return self.since + place * self.step
