"""How the figures were made, and what they cannot say. Pure."""

from dashboards.reports.course import LEAST_POSTS, TIMES_USUAL
from dashboards.reports.figures import Facts
from dashboards.reports.phrases import number, unit_word


def method(facts: Facts) -> list[str]:
    """Return the small print."""
    unit = unit_word(facts.unit_seconds)
    return [
        "A mention is one entity in one post; a post about two counts as two. An author counts "
        "once. Charts go by the time at which the platform or a relay had the post, in an archive "
        "by the author's own date.",
        f"A usual {unit} is the median of all in this range, silent ones included. A wave is the "
        f"stretch around the highest {unit} above {number(TIMES_USUAL)} times that and of at least "
        f"{LEAST_POSTS} mentions."
        + (" The dashed line is what the spike detector expected." if facts.expected else ""),
        "Languages, moods and calls for action are read by models, which err: single posts may be "
        "misread, and irony often is. Moods that the model is not sure of are counted as neither "
        "negative nor positive. How often they err is published with the project "
        "(docs/evaluation.md).",
        "What was sampled or left out by a platform cannot be seen here: posts in public places "
        "are not the public. Deleted posts are in none of these figures and quotes. Quotes name no "
        "author; links lead to the post where it was made.",
        "Each figure has a query: uproar report … --queries prints them, and uproar query runs "
        "them again.",
    ]
