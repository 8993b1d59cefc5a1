"""Write `uproar/ordinary_words.yaml`: words that people write in lower case, by language.

    python -m training.mentions.ordinary_words DATA WEB2 > uproar/ordinary_words.yaml

DATA holds UMSAB's training tweets (`umsab/<language>/train_text.txt`, from cardiffnlp/xlm-t) and
SemEval's (`semeval/*.tsv`). A word counts where it stands often enough in lower case, and so
seldom with a capital that it is no name. An English word also counts where it stands at all, in
any case, and is a lower-case entry of WEB2: the words of Webster's Second International (1934, in
the public domain), one a line, as FreeBSD ships them. Nothing but the words is kept.
"""

import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = {
    "en": "english", "fr": "french", "es": "spanish", "de": "german", "pt": "portuguese",
    "it": "italian",
}  # fmt: skip
FEWEST = {"en": 3}
FEWEST_ELSEWHERE = 2
LEAST_LOWER_SHARE = 0.2
GERMAN_LEAST_LOWER_SHARE = 0.6
"""German writes nouns with a capital, and they are no ordinary words in lower case."""
_WORD = re.compile(r"(?<![\w@#.])[^\W\d_]{2,}(?![\w@])")


def texts(data: Path, lang: str) -> Iterator[str]:
    """Yield the tweets of a language."""
    yield from (data / "umsab" / LANGUAGES[lang] / "train_text.txt").open(encoding="utf-8")
    if lang == "en":
        for file in sorted((data / "semeval").glob("*-A.tsv")):
            for line in file.open(encoding="utf-8"):
                yield line.rstrip("\n").split("\t")[-1]


def ordinary(data: Path, lang: str, dictionary: frozenset[str]) -> list[str]:
    """Return a language's ordinary words, in order of the alphabet."""
    lower: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    for text in texts(data, lang):
        for word in _WORD.findall(text.replace("@user", " ")):
            if word.islower():
                lower[word] += 1
            elif word.istitle():
                raised[word.lower()] += 1
    fewest = FEWEST.get(lang, FEWEST_ELSEWHERE)
    least = GERMAN_LEAST_LOWER_SHARE if lang == "de" else LEAST_LOWER_SHARE
    often = {
        word
        for word, count in lower.items()
        if count >= fewest and count >= least * (count + raised[word])
    }
    return sorted(often | (dictionary & (lower.keys() | raised.keys())))


def main(data: Path, web2: Path) -> None:
    """Print the file."""
    out = sys.stdout
    english = frozenset(filter(str.islower, web2.read_text("utf-8").split()))
    out.write(
        "# Ordinary words by language, as people write them in tweets. Words alone, made by\n"
    )
    out.write(
        "# training/mentions/ordinary_words.py from UMSAB's and SemEval's training tweets and\n"
    )
    out.write("# Webster's Second (1934, public domain).\n")
    for lang in LANGUAGES:
        listed = textwrap.fill(
            " ".join(ordinary(data, lang, english if lang == "en" else frozenset())), 98
        )
        out.write(f"{lang}: >-\n{textwrap.indent(listed, '  ')}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
