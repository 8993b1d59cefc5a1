"""What real archives have and a clean one lacks: lines out of order, twice, or broken."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from producers.demo.draw import between, chance, pick
from producers.demo.lines import Line

REPEATS = 40
LATE_SHARE = 0.03
LATEST_SECONDS = 45

BROKEN = (
    b'{"id":"1348600000000003101","created_at":"2021-01-11T19:14:05Z","platform":"twitter","au',
    b'{"id":"1350900000000003102","created_at":"2021-01-17T23:44:51Z","platform":"twitter",'
    b'"author":"user-99991","text":"Shut Epik down befo',
    b'{"id":"1350960000000003103"',
    b'"text":"Epik, second half of a line","lang":"en"}',
    b'{"id":"1349000000000003104","created_at":"2021-01-12T11:02:40Z","platform":"twitter",'
    b'"author":"user-99992","lang":"en"}',
    b'{"id":"1350100000000003105","created_at":"2021-01-15T18:40:13Z","platform":"twitter",'
    b'"author":"user-99993","text":null}',
    b'{"id":"t1_zzbroken1","created_at":"2021-01-18T02:11:09Z","platform":"reddit",'
    b'"author":"user-99994","body":"Epik again"}',
    b'{"id":"1350120000000003106","created_at":"9999-12-31T23:59:59Z","platform":"twitter",'
    b'"author":"user-99995","text":"Epik in a far future"}',
    b'{"id":"1350930000000003107","created_at":253402300799,"platform":"twitter",'
    b'"author":"user-99996","text":"Parler in a far future"}',
    b'{"id":"1350980000000003108","created_at":"2021-01-18T08:31:22Z","platform":"twitter",'
    b'"author":"user-99997","text":"Epik h\xe9berge n\'importe quoi"}',
    b'{"id":"1351010000000003109","created_at":"2021-01-18T10:05:48Z","platform":"twitter",'
    b'"author":"user-99998","text":"Epik geh\xf6rt abgeschaltet"}',
    b'{"id":"1351200000000003110","created_at":"2021-01-18T23:20:30Z","platform":"twitter",'
    b'"author":"user-99999","text":["Epik","is","a","list"]}',
)
"""Lines that no reader can use: cut off, without a text, of the year 9999, not UTF-8."""


def put_in_order(rng: Random, lines: Sequence[Line]) -> list[Line]:
    """Sort by time, except that some lines come up to `LATEST_SECONDS` late."""

    def place(line: Line) -> float:
        late = between(rng, 1, LATEST_SECONDS) if chance(rng, LATE_SHARE) else 0
        return (line.at + timedelta(seconds=late)).timestamp()

    return sorted(lines, key=place)


def add_repeats(rng: Random, lines: Sequence[Line]) -> list[Line]:
    """Write some lines a second time, a few lines further on."""
    repeated = list(lines)
    for _ in range(REPEATS):
        at = between(rng, 0, len(lines) - 8)
        repeated.insert(at + pick(rng, (1, 1, 2, 4)), repeated[at])
    return repeated


def add_broken(rng: Random, contents: Sequence[bytes]) -> list[bytes]:
    """Spread the broken lines over the recording."""
    spread = list(contents)
    for line in BROKEN:
        spread.insert(between(rng, 0, len(spread)), line)
    return spread
