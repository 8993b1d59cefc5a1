"""What makes a phrase in the right form no call after all: reports, questions, irony, adverts."""

from bisect import bisect_left

from streams.calls.clauses import Construction
from streams.calls.lexicon import Group
from streams.calls.reading import Reading, Span
from streams.calls.tokens import HANDLE, Sentence

LATE_REPORT_WORDS = 6
NEAR_WORDS = 8
MENTIONED_NOT_USED = 0.4


def is_vetoed(
    reading: Reading, sentence: Sentence, phrase: Span, gap: Span, construction: Construction
) -> bool:
    """Whether the sentence or post says that the author does not urge this."""
    return (
        _is_question(reading, sentence, construction)
        or _is_reported(reading, sentence, phrase, construction)
        or _is_conditional(reading, sentence, phrase, construction)
        or _is_sarcastic(reading, sentence)
        or _is_about_calls(reading, sentence, phrase)
        or _is_idiom(reading, phrase, gap)
        or _is_in_quotes(reading, phrase[0])
        or _is_repost_mark(reading, phrase)
    )


def _is_repost_mark(reading: Reading, phrase: Span) -> bool:
    """Whether the phrase is the `RT @author` that repeats somebody's post by hand."""
    mark, after = reading.tokens[phrase[0]], phrase[0] + 1
    return mark.low == "rt" and after < len(reading.tokens) and reading.tokens[after].kind == HANDLE


def _is_question(reading: Reading, sentence: Sentence, construction: Construction) -> bool:
    first = reading.first_word(sentence)
    asks = first is not None and reading.cue("question", first, first + 2) is not None
    if reading.is_question(sentence):
        return not construction.question
    return bool(asks and not construction.question and first != construction.start)


def _is_reported(
    reading: Reading, sentence: Sentence, phrase: Span, construction: Construction
) -> bool:
    report = reading.cue("reporting", sentence.first, phrase[0])
    is_before = report is not None and report[0] < construction.urged
    if report is not None and is_before and not _by_author(reading, sentence, report):
        return True
    tail = max(construction.start, sentence.last - LATE_REPORT_WORDS)
    late = reading.cue("after_report", tail, sentence.last)
    return late is not None and late[0] > 0 and reading.is_pause(late[0] - 1)


def _by_author(reading: Reading, sentence: Sentence, report: Span) -> bool:
    """Whether a verb of saying is the author's own: "I demand", or an imperative."""
    before = range(max(sentence.first, report[0] - 3), report[0])
    return any(reading.is_word("author", index) for index in before)


def _is_conditional(
    reading: Reading, sentence: Sentence, phrase: Span, construction: Construction
) -> bool:
    first = reading.first_word(sentence)
    if first is None:
        return False
    found = reading.cue("conditional", first, phrase[0])
    if found is None or found[0] >= construction.start or reading.is_word("opener", found[0]):
        return False  # "s'il vous plaît" sets no condition
    is_over = any(map(reading.is_pause, range(found[1], construction.start)))
    is_anybody = reading.is_word("masses", found[1]) or reading.is_word("whoever", found[0])
    return not (is_over and is_anybody)  # "if you care, boycott Acme"


def _is_sarcastic(reading: Reading, sentence: Sentence) -> bool:
    if reading.is_ironic:
        return True
    first = reading.first_word(sentence)
    if first is None:
        return False
    opened = reading.cue("sarcastic_start", first, min(first + 3, sentence.last))
    if opened is None or opened[0] != first:
        return False
    return opened[1] < sentence.last and reading.is_pause(opened[1])


def _is_about_calls(reading: Reading, sentence: Sentence, phrase: Span) -> bool:
    first, last = sentence.first, sentence.last
    if reading.cue("meta", first, last):
        return True
    useless = reading.cue("useless", first, last)
    if useless == (phrase[0], phrase[0] + 1):  # "beendet" is also an imperative
        useless = reading.cue("useless", phrase[1], last)
    return useless is not None


def _is_idiom(reading: Reading, phrase: Span, gap: Span) -> bool:
    """Whether the words mean something else: "call me", "close your eyes the sun goes down"."""
    found = reading.cue("idiom", phrase[0], min(phrase[0] + 6, len(reading.tokens)))
    if found is None or found[0] != phrase[0]:
        return False
    is_article = reading.is_word("determiner", found[1] - 1) and not reading.is_word(
        "relation", found[1] - 1
    )
    if is_article and found[1] in reading.named_from:
        return False  # "tira o Acme da loja" is not "tira o casaco"
    return found[1] >= phrase[1] or (gap[0] < gap[1] and found[1] > gap[0])


def _is_in_quotes(reading: Reading, index: int) -> bool:
    """Whether a token is quoted in a post that is more than the quotation."""
    at = bisect_left(reading.quotations, (index, 0)) - 1
    if at < 0 or reading.quotations[at][1] < index:
        return False
    opened, closed = reading.quotations[at]
    outside = len(reading.tokens) - (closed - opened + 1)
    return outside > MENTIONED_NOT_USED * (closed - opened)


def is_unwanted_kind(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    group: Group,
    made: Construction,
    is_unnamed: bool,
) -> bool:
    """Whether it is an advert, technical advice, safety advice or a request for service."""
    everything = len(reading.tokens)
    sells = is_unnamed or group.kind in ("help", "reach", "spread", "use")
    if sells and reading.cue("ad", 0, everything):
        return True
    handles = group.kind == "use" or (group.kind == "hit" and group.action != "legal")
    if handles and not (group.alone or made.to_company):
        near = (
            max(sentence.first, phrase[0] - NEAR_WORDS),
            min(sentence.last, phrase[1] + NEAR_WORDS),
        )
        if reading.cue("tech", *near):
            return True
    is_mild = group.kind != "hit" or (group.action == "boycott" and not group.alone)
    if is_mild and reading.cue("safety", 0, everything):
        return True
    after = range(phrase[0] + 1, min(phrase[1] + 4, sentence.last))
    first = phrase[0] + 2 if group.kind == "hit" and _is_dative(reading, phrase) else phrase[0] + 1
    if any(reading.is_word("self", index) for index in after if index >= first):
        return True
    speaks_to = reading.tokens[0].kind == HANDLE and 0 in reading.named_from
    return bool(speaks_to and reading.cue("service", 0, everything) and group.kind != "hit")


def _is_dative(reading: Reading, phrase: Span) -> bool:
    """Whether "me" behind the verb is nobody's object: "virez-moi Acme", "sperrt mir Acme"."""
    at = phrase[0] + 1
    return at < len(reading.tokens) and reading.is_word("dative", at)


def is_misdirected(
    reading: Reading,
    sentence: Sentence,
    phrase: Span,
    group: Group,
    made: Construction,
    target_last: int,
) -> bool:
    """Whether the name found is not what the verb acts on: its foes, its adverts, its helpdesk."""
    first = phrase[0] + 1
    behind = target_last
    if behind < sentence.last and reading.lows[behind] == "'s":
        behind += 1
    foe = reading.cue("foe", first, min(sentence.last, behind + 1))
    if foe is not None and not any(map(reading.is_pause, range(first, foe[0]))):
        return True
    if made.sufferer and reading.cue("foe", *made.sufferer):
        return True
    if group.kind == "reach":
        return reading.cue("helpdesk", first, sentence.last) is not None
    if group.kind != "hit" or group.alone or target_last <= phrase[1]:
        return False
    is_given = reading.cue("given", target_last, min(sentence.last, target_last + 4))
    if is_given is not None and is_given[0] == target_last:  # "drop Acme a line"
        return True
    return group.needs == "named" and behind < sentence.last and reading.is_word("thing", behind)


def is_talked_about(reading: Reading, tag: int) -> bool:
    """Whether a campaign's hashtag is a topic rather than a cry: "why is #BoycottAcme a thing"."""
    sentence = reading.sentence_of(tag)
    before = max(sentence.first, tag - NEAR_WORDS)
    if reading.is_ironic or _is_in_quotes(reading, tag):
        return True
    if reading.cue("meta", before, min(sentence.last, tag + NEAR_WORDS)):
        return True
    opposed = reading.cue("opposed", before, tag)
    if opposed is not None and all(map(reading.is_aside, range(opposed[1], tag))):
        return True
    if tag >= reading.trailing_from(sentence):
        return False  # tags behind a sentence are the author's own
    first = reading.first_word(sentence)
    if first is not None and first < tag and reading.cue("question", first, first + 2):
        return True
    report = reading.cue("reporting", sentence.first, tag)
    if report is not None and not _by_author(reading, sentence, report):
        return True
    return reading.cue("useless", tag, sentence.last) is not None
