"""Campaign hashtags, tracked and not."""

import pytest

from streams.calls.hashtags import CASED, TRACKED, UNTRACKED, read_campaign
from streams.calls.names import NameIndex

ACME = NameIndex({"Acme": "acme", "Acme Foods": "acme-foods"})
NOBODY = NameIndex({})


@pytest.mark.parametrize(
    ("tag", "action", "direction", "target"),
    [
        ("ShutDownAcme", "shutdown", "against", "acme"),
        ("shutdownacme", "shutdown", "against", "acme"),
        ("SHUT_DOWN_ACME", "shutdown", "against", "acme"),
        ("BoycottAcmeFoods", "boycott", "against", "acme-foods"),
        ("BoycottAcmeNow", "boycott", "against", "acme"),
        ("AcmeBoykott", "boycott", "against", "acme"),
        ("StandWithAcme", "support", "for", "acme"),
        ("SaveAcme", "support", "for", "acme"),
        ("FueraAcme", "shutdown", "against", "acme"),
        ("SueAcme", "legal", "against", "acme"),
        ("AcmeStrike", "protest", "against", "acme"),
    ],
)
def test_a_verb_with_a_tracked_name_is_a_campaign_in_any_case(
    tag: str, action: str, direction: str, target: str
) -> None:
    assert read_campaign(tag, ACME) == (action, direction, target, TRACKED)


@pytest.mark.parametrize("tag", ["BoycottHooli", "BoykottHooli", "BoicotHooli", "BoycottHooliNow"])
def test_boycott_counts_before_a_capitalised_word_that_is_not_tracked(tag: str) -> None:
    assert read_campaign(tag, NOBODY) == ("boycott", "against", "Hooli", UNTRACKED)


def test_boycott_counts_in_a_script_without_capitals() -> None:
    campaign = read_campaign("قاطعوا_شركة", NOBODY)
    assert campaign is not None
    assert campaign.action == "boycott"


@pytest.mark.parametrize("tag", ["ShutDownHooli", "DeplatformHooli", "ShutDownHooliNow"])
def test_a_tag_with_all_its_capitals_counts_where_nothing_is_tracked(tag: str) -> None:
    assert read_campaign(tag, NOBODY) == ("shutdown", "against", "Hooli", CASED)


@pytest.mark.parametrize(
    "tag",
    [
        "shutdownhooli",
        "SHUTDOWNHOOLI",
        "shutdownHooli",
        "boycotthooli",
        "CancelCulture",
        "StandWithUs",
        "ShutDownTheWholeInternet",
        "BoycottWeCanAllAgreeOn2024",
        "Shutdown",
        "Boycott",
        "ban",
        "Dropbox",
        "QuitSmoking",
        "",
        "_",
    ],
)
def test_a_tag_that_names_nobody_is_no_campaign(tag: str) -> None:
    assert read_campaign(tag, NOBODY) is None


def test_a_name_that_begins_like_a_verb_is_no_campaign() -> None:
    assert read_campaign("Dropbox", NameIndex({"Dropbox": "dropbox"})) is None


def test_a_campaign_that_is_an_alias_of_an_entity_has_it_as_target() -> None:
    names = NameIndex({"#ShutDownHooli": "hooli-inc"})
    campaign = read_campaign("ShutDownHooli", names)
    assert campaign is not None
    assert (campaign.target, campaign.confidence) == ("hooli-inc", TRACKED)
