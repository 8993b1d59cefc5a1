"""What `thresholds` of `uproar.yaml` may say: when an entity's numbers deserve an alert."""

from typing import Annotated

import msgspec

from uproar.config_values import (
    Amount,
    Direction,
    Duration,
    Mute,
    Sensitivity,
    Severity,
    Share,
    Strict,
)

AtLeast = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class Limits(Strict, frozen=True, kw_only=True):
    """What every threshold has: how grave it is, and what keeps it from being a nuisance.

    It fires after `for_` above without a break; once its alert has ended, no other begins before
    `cooldown` is over. At most `most_per_hour` of its alerts are delivered in any hour, and none
    in a stretch of `mute`: those are stored and shown, and say why they were silent.
    """

    severity: Severity = "warning"
    for_: Duration | None = msgspec.field(default=None, name="for")
    cooldown: Duration = "1h"
    most_per_hour: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 4
    mute: tuple[Mute, ...] = ()


class Rate(Limits, frozen=True, kw_only=True):
    """More than `above` posts in any stretch of length `per`."""

    above: Amount
    per: Duration


class CallRate(Rate, frozen=True, kw_only=True):
    """More than `above` posts that call for action, of one direction or of any."""

    direction: Direction = "against"


class ShareAbove(Limits, frozen=True, kw_only=True):
    """A share over `above` in a stretch that holds `at_least` posts."""

    above: Share
    per: Duration
    at_least: AtLeast = 30


class CallShare(ShareAbove, frozen=True, kw_only=True):
    """A share of posts that call for action, of one direction or of any."""

    direction: Direction = "against"


class NewTerm(Limits, frozen=True, kw_only=True):
    """A hashtag, or words of a call, that over `above` authors use and hardly any did before."""

    above: Amount = 10
    per: Duration = "15m"


class Spike(Limits, frozen=True, kw_only=True):
    """How readily a rise over the expected counts as a spike, and of how many posts it must be."""

    sensitivity: Sensitivity = "medium"
    at_least: AtLeast = 10


class Thresholds(Strict, frozen=True, kw_only=True):
    """When an entity's numbers deserve an alert; of each signal one threshold, or a list of them.

    Thresholds of one signal differ in their severity.
    """

    volume: Rate | tuple[Rate, ...] | None = None
    spike: Spike | tuple[Spike, ...] | None = None
    calls_to_action: CallRate | tuple[CallRate, ...] | None = None
    calls_share: CallShare | tuple[CallShare, ...] | None = None
    negative_share: ShareAbove | tuple[ShareAbove, ...] | None = None
    new_term: NewTerm | tuple[NewTerm, ...] | None = None
    author_share: ShareAbove | tuple[ShareAbove, ...] | None = None
    copies_share: ShareAbove | tuple[ShareAbove, ...] | None = None
