"""The sentences of a report: what the figures say, and nothing that they do not. Pure."""

from collections.abc import Sequence

from dashboards.reports.course import LEAST_CALLS, Wave
from dashboards.reports.figures import Call, Facts, Part, Spike
from dashboards.reports.phrases import (
    ACTION_WORDS,
    count_of,
    day,
    language,
    listed,
    moment,
    number,
    share,
    times,
    unit_word,
)

LEAST_SHIFT = 0.05
"""A smaller shift of the mood is told as none."""
LEAST_POSTS = 20
"""A mood of fewer posts is not compared."""


def headline(facts: Facts, wave: Wave | None, lead: str) -> str:
    """Say the one thing that a reader should take away."""
    name = facts.name_of(lead)
    against = next(one.posts_against for one in facts.entities if one.entity == lead)
    if against >= LEAST_CALLS:
        return f"{number(against)} posts call for action against {name}"
    if wave is not None and wave.started_at is not None:
        ratio = f"{times(wave.times_usual)} its usual volume" if wave.times_usual else "a wave"
        return f"{name}: {ratio} on {day(wave.peak_at)}"
    return f"{name}: {count_of(facts.totals.mentions, 'mention')}, nothing out of the ordinary"


def deck(facts: Facts, wave: Wave | None, lead: str) -> str:
    """Say the rest of it in two sentences."""
    unit = unit_word(facts.unit_seconds)
    first = facts.name_of(lead)
    parts = []
    if wave is not None and wave.started_at is not None:
        usual = f", against {number(wave.usual)} in a usual {unit}"
        parts.append(
            f"The wave about {first} began on {moment(wave.started_at)} UTC and reached "
            f"{count_of(wave.peak, 'mention')} in its highest {unit}{usual}."
        )
    else:
        parts.append(f"Nothing about {first} stood out from what is usual.")
    authors = count_of(facts.totals.unique_authors, "author")
    everybody = f"{count_of(facts.totals.mentions, 'mention')} by {authors}"
    whom = f"of {count_of(len(facts.entities), 'entity', 'entities')}"
    parts.append(f"In all there were {everybody} {whom} in this range.")
    return " ".join(parts)


def onset(facts: Facts, wave: Wave | None) -> str:
    """Say when it began, how large it was against usual, and how long it lasted."""
    unit = unit_word(facts.unit_seconds)
    if wave is None:
        return "Nothing was said."
    name = facts.name_of(wave.entity)
    usual = f"Usually, {count_of(wave.usual, 'mention')} of {name} fell into {_a(unit)}"
    peak = f"the highest, on {moment(wave.peak_at)} UTC, had {number(wave.peak)}"
    if wave.started_at is None or wave.ended_at is None:
        return f"{usual}; {peak}. No {unit} stood out enough to call it a wave."
    ratio = f", {times(wave.times_usual)} as many" if wave.times_usual else ""
    lasted = wave.ended_at - wave.started_at
    steps = round(lasted.total_seconds() / facts.unit_seconds)
    return (
        f"{usual}; {peak}{ratio}. The wave began in the {unit} from {moment(wave.started_at)} UTC "
        f"and lasted {count_of(steps, unit)}, with {count_of(wave.mentions, 'mention')}."
        + _judged(facts, wave)
    )


def _judged(facts: Facts, wave: Wave) -> str:
    """Say what the watcher made of a wave, to the minute; nothing where it did not see it."""
    for spike in facts.spikes:  # the largest first
        if spike.entity == wave.entity and _is_within(spike, wave):
            end = f"until {moment(spike.ended_at)}" if spike.ended_at else "and lasting"
            return (
                f" The watcher dates a spike from {moment(spike.started_at)} {end}, with "
                f"{count_of(spike.mentions, 'mention')} where it expected {number(spike.expected)}."
            )
    return ""


def _is_within(spike: Spike, wave: Wave) -> bool:
    if wave.started_at is None or wave.ended_at is None:
        return False
    return spike.started_at < wave.ended_at and (
        spike.ended_at is None or spike.ended_at > wave.started_at
    )


def crowd(facts: Facts) -> str:
    """Say whether it was a crowd or a few."""
    loud, totals = facts.loudest, facts.totals
    if not loud.known_mentions:
        return "Nothing is known of the authors."
    ones = share(loud.authors_of_one / loud.known_authors)
    top = share(loud.of_the_loudest / loud.known_mentions)
    ten = share(loud.of_the_ten_loudest / loud.known_mentions)
    verdict = "This is a crowd, not a few" if _is_crowd(facts) else "A few account for much of it"
    return (
        f"{verdict}: {count_of(loud.known_authors, 'known author')} spoke, {ones} of them once. "
        f"The loudest made {top} of the mentions, the ten loudest {ten}. "
        f"{share(totals.repeats / totals.mentions)} of the mentions repeat another post."
    )


def demands(facts: Facts) -> str:
    """Say what is asked, of whom, and by which part."""
    totals = facts.totals
    if not totals.posts_calling:
        return "No post in this range calls for action."
    against = [one for one in facts.calls if one.direction == "against"]
    part = share(totals.posts_calling / totals.mentions)
    told = (
        f"{count_of(totals.posts_calling, 'mention')} ({part}) call for action: "
        f"{number(totals.posts_against)} against, {number(totals.posts_for)} in favour."
    )
    if against:
        told += f" Most often they ask to {_asked(against)}."
    if facts.addressees:
        who = [f"{one.addressee} ({number(one.posts_calling)})" for one in facts.addressees[:3]]
        told += f" Where they say who should act, it is {listed(who)}."
    return told


def tongues(facts: Facts) -> str:
    """Say in which languages, and where the calls are."""
    whole = sum(one.mentions for one in facts.languages) or 1
    first = [f"{language(one.name)} {share(one.mentions / whole)}" for one in facts.languages[:3]]
    told = f"Most was said in {listed(first)}."
    calling = max(
        (one for one in facts.languages if one.mentions >= LEAST_POSTS),
        key=lambda one: one.posts_against / one.mentions,
        default=None,
    )
    if calling is not None and calling.posts_against >= LEAST_CALLS:
        part = share(calling.posts_against / calling.mentions)
        told += f" Calls against are densest in {language(calling.name)}: {part} of the mentions."
    return told


def where(parts: Sequence[Part]) -> str:
    """Say on which platforms."""
    whole = sum(one.mentions for one in parts) or 1
    first = [f"{one.name or 'not told'} {share(one.mentions / whole)}" for one in parts[:3]]
    return f"By platform: {listed(first)}."


def mood_shift(facts: Facts, lead: str) -> str:
    """Say how the mood is, and how it moved with the wave."""
    share_now = facts.totals.negative_share
    totals = facts.totals
    unsure = share((totals.unsure_posts + totals.unread_posts) / totals.mentions)
    told = (
        f"Of the mentions whose mood the model is sure of, {share(share_now)} are negative; "
        f"of {unsure} it is not sure, or does not read the language."
    )
    before, during = facts.before, facts.during
    if before is None or during is None:
        return told
    was, now = before.negative_share, during.negative_share
    if was is None or now is None or min(before.mentions, during.mentions) < LEAST_POSTS:
        return told
    turn = "darkened" if now > was else "brightened"
    if abs(now - was) < LEAST_SHIFT:
        turn = "hardly moved"
    return (
        f"{told} About {facts.name_of(lead)} it {turn} with the wave: "
        f"{share(was)} negative before, {share(now)} since."
    )


def _is_crowd(facts: Facts) -> bool:
    loud = facts.loudest
    return loud.of_the_ten_loudest <= loud.known_mentions / 5


def _asked(calls: Sequence[Call]) -> str:
    shown = [
        f"{ACTION_WORDS.get(one.action, one.action)} ({number(one.posts_calling)})"
        for one in calls[:3]
    ]
    return listed(shown)


def _a(unit: str) -> str:
    return f"an {unit}" if unit == "hour" else f"a {unit}"
