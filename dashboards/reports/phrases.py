"""Numbers, times and names as a newspaper prints them. Pure."""

from datetime import datetime

NARROW = "\u202f"
"""No-break space: a figure stays with its sign."""

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovene", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese", "other": "Another language",
    "und": "Not told", "": "Not told",
}  # fmt: skip

ACTION_WORDS = {
    "shutdown": "shut down", "boycott": "boycott", "contact": "write or call",
    "protest": "protest", "petition": "sign a petition", "legal": "go to law",
    "support": "support", "other": "act otherwise",
}  # fmt: skip


def count_of(value: float, one: str, many: str = "") -> str:
    """Say how many of what.

    >>> count_of(1, "post"), count_of(12345, "post"), count_of(2, "reply", "replies")
    ('1 post', '12,345 posts', '2 replies')
    """
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def number(value: float) -> str:
    """Write a number; a small one with a decimal where it has one.

    >>> number(1234.4), number(2.5), number(3.0), number(0.04)
    ('1,234', '2.5', '3', '0.04')
    """
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.1 else f"{value:.2g}"


def share(value: float | None) -> str:
    """Write a part of the whole in per cent.

    >>> [share(value).replace(NARROW, " ") for value in (0.384, 0.004, 0.0001, 0, None)]
    ['38 %', '0.4 %', 'under 0.1 %', '0 %', '–']
    """
    if value is None:
        return "–"
    if 0 < value < 0.001:
        return f"under 0.1{NARROW}%"
    text = f"{value * 100:.1f}" if value < 0.0995 else f"{value * 100:.0f}"
    return f"{text.removesuffix('.0')}{NARROW}%"


def times(value: float) -> str:
    """Say how many times as much.

    >>> times(1.0), times(3.26), times(41.7)
    ('1 time', '3.3 times', '42 times')
    """
    text = f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")
    return f"{text} time{'' if text == '1' else 's'}"


def moment(at: datetime) -> str:
    """Write a moment to the minute.

    >>> from datetime import UTC
    >>> moment(datetime(2021, 1, 18, 9, 5, tzinfo=UTC))
    'Mon 18 Jan 2021, 09:05'
    """
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def short_moment(at: datetime) -> str:
    """Write a moment within a known year.

    >>> from datetime import UTC
    >>> short_moment(datetime(2021, 1, 18, 9, 5, tzinfo=UTC))
    '18 Jan, 09:05'
    """
    return f"{at.day} {_MONTHS[at.month - 1]}, {at:%H:%M}"


def day(at: datetime) -> str:
    """Write a day.

    >>> from datetime import UTC
    >>> day(datetime(2021, 1, 18, tzinfo=UTC))
    '18 January 2021'
    """
    return f"{at.day} {_LONG_MONTHS[at.month - 1]} {at.year}"


def unit_word(seconds: int) -> str:
    """Name a step.

    >>> unit_word(60), unit_word(7200), unit_word(86400)
    ('minute', '2 hours', 'day')
    """
    for size, word in ((604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            many = seconds // size
            return word if many == 1 else f"{many} {word}s"
    return f"{seconds} seconds"


def language(code: str) -> str:
    """Name a language; an unknown code as it is."""
    return LANGUAGES.get(code, code)


def listed(names: list[str]) -> str:
    """Join names as in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONTHS = tuple(name[:3] for name in _LONG_MONTHS)
