"""Drawing posts to label."""

from uproar.evaluation.sample import Stored, label, precision, share_out, unlabelled


def posts(entity: str, count: int) -> list[Stored]:
    return [Stored(entity, "p", f"{entity}{n}", "en", "text") for n in range(count)]


def test_a_rare_entity_gets_all_its_posts_and_a_common_one_the_rest() -> None:
    drawn = share_out(posts("rare", 2) + posts("common", 50), 10)
    assert [post.entity for post in drawn].count("rare") == 2
    assert len(drawn) == 10


def test_a_post_is_asked_about_once_for_each_of_its_entities_in_each_run() -> None:
    one = Stored("acme", "p", "1", "en", "text")
    other = one._replace(entity="globex")
    names = {"acme": "Acme", "globex": "Globex"}
    labels = [label(one, "Acme", "january", about=True)]
    assert unlabelled([one, other], names, labels, "january") == [other]
    assert unlabelled([one, other], names, labels, "february") == [one, other]


def test_precision_is_of_one_run_and_by_entity() -> None:
    labels = [
        *(label(post, "Acme", "january", about=n > 0) for n, post in enumerate(posts("acme", 4))),
        *(label(post, "Globex", "january", about=True) for post in posts("globex", 1)),
        *(label(post, "Acme", "february", about=False) for post in posts("acme", 9)),
    ]
    found = precision(labels, "january")
    assert {name: group.figures["precision"].value for name, group in found.items()} == {
        "Acme": 0.75,
        "Globex": 1.0,
    }
