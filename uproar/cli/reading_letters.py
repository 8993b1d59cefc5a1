"""What stored dead letters are to the readers of today, whichever stage they come from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from producers.columns import ColumnMap
from producers.intake import Intake
from producers.letters import Place, judge_payload, parse_payload
from producers.plan import ReplayPlan
from sinks.letters import StoredLetter
from uproar.codec import posts_decoder, reactions_decoder
from uproar.config import Config
from uproar.keyring import read_keyring
from uproar.mentions import MentionMatcher
from uproar.records import UNKNOWN_RUN, AccountDeletion, Deletion, Post, Reaction
from uproar.settings import Settings

if TYPE_CHECKING:
    from streams.assess import Reader

STREAMS, SINK = "streams", "sink"

Record = Post | Deletion | AccountDeletion
Records = Sequence[Record | None]
"""None stands for a record that is read, but not sent: it mentions nothing, or is out of bounds."""

TRUNCATED = "only its first 16 KiB are kept"
NO_RUN = "names no run"
STILL_FAILS = "reading it still fails"
NO_RECORD = "holds no post and no deletion"


class Given(msgspec.Struct, frozen=True):
    """What of its input a replay was to send."""

    start: datetime | None = None
    end: datetime | None = None
    keep_all: bool = False
    columns: ColumnMap | None = None


class LetterReader:
    """Reads the letters of one run. `given` has the bounds of each file, and of others under ""."""

    def __init__(
        self,
        settings: Settings,
        config: Config,
        given: Mapping[str, Given],
        header: bytes = b"",
        columns: ColumnMap | None = None,
    ) -> None:
        self._settings = settings
        self._config = config
        self._given = given
        self._header = header
        self._columns = columns
        self._names = read_keyring(settings).current
        self._matcher = MentionMatcher(config.entities)
        self._intakes: dict[tuple[str, Given], Intake] = {}
        self._posts = posts_decoder()
        self._reactions = reactions_decoder()
        self._reader: Reader | None = None

    def read(self, letter: StoredLetter) -> Records | str:
        """Return the records in a letter, or why it stays one."""
        if letter.run == UNKNOWN_RUN:
            return NO_RUN
        if not letter.is_whole:
            return TRUNCATED
        if letter.stage in (STREAMS, SINK):
            return self._read_record(letter)
        given = self._given.get(letter.source, self._given.get("", Given()))
        columns = self._columns or given.columns
        values = parse_payload(letter.payload, columns, self._header)
        place = Place(letter.source, letter.position, letter.part)
        intake = self._intake(letter.run, given)
        return judge_payload(intake, letter.payload, place, values, datetime.now(UTC))

    def _intake(self, run: str, given: Given) -> Intake:
        key = (run, msgspec.structs.replace(given, columns=None))
        if key not in self._intakes:
            plan = ReplayPlan(
                files=(), run=run, names=self._names, start=given.start, end=given.end,
                keep_all=given.keep_all,
            )  # fmt: skip
            self._intakes[key] = Intake(plan, self._matcher)
        return self._intakes[key]

    def _read_record(self, letter: StoredLetter) -> Records | str:
        """Decode what travelled between stages: a record, or a whole pack of them."""
        payload = letter.payload
        pack = payload if payload.lstrip().startswith(b"[") else b"[" + payload + b"]"
        found: list[Any] = []
        for decoder in (self._posts, self._reactions):
            decoded, bad = decoder.decode(pack)
            if not bad:
                found = list(decoded)
                break
        records: list[Record] = []
        for one in found:
            record = one.post if isinstance(one, Reaction) else one
            if isinstance(record, Record) and record.run == letter.run:
                records.append(record)
        if not records:
            return NO_RECORD
        return records if all(map(self._is_readable, records)) else STILL_FAILS

    def _is_readable(self, record: Record) -> bool:
        if not isinstance(record, Post):
            return True
        if self._reader is None:
            from streams.assess import Reader

            self._reader = Reader(
                self._config.entities, self._settings.sentiment, self._config.reading
            )
        try:
            self._reader.read(record)
        except Exception:  # the very bug that made it a dead letter
            return False
        return True
