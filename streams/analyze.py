"""`uproar analyze`: a line of JSON in, a line of JSON out. Pure; the command does the reading."""

import re

import msgspec

from streams.assess import Reader


class _Line(msgspec.Struct, frozen=True):
    text: str
    id: str | int | None = None
    lang: str | None = None


_decoder = msgspec.json.Decoder(_Line)
_encoder = msgspec.json.Encoder()

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PROBLEM = re.compile(r"Expected (?P<wanted>.*), got (?P<found>`.*`) - at `\$\.(?P<key>\w+)`")


def analyze_line(reader: Reader, line: bytes, number: int) -> bytes:
    r"""Return what is read in one line as JSON, without a line end. Never raises.

    A line is an object with `text`, and perhaps `id` and `lang`; other keys are ignored. A bad
    one gives `id` null and an `error` that begins with its `number`.

    >>> analyze_line(Reader([]), b'{"id": 1, "txt": "hello"}\n', 7)
    b'{"id":null,"error":"line 7: wanted an object with the key `text`, found one without"}'
    """
    try:
        given = _decoder.decode(line.removeprefix(_BYTE_ORDER_MARK))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problem = _explained(line, error)
        return _encoder.encode({"id": None, "error": f"line {number}: {problem}"})
    analysis = reader.analyze(given.text, given.lang)
    return _encoder.encode(msgspec.structs.replace(analysis, id=given.id))


def _explained(line: bytes, error: Exception) -> str:
    """Say what was wanted and what was found."""
    if not line.strip():
        return "wanted a JSON object with `text`, found an empty line"
    if not isinstance(error, msgspec.ValidationError):
        return f"wanted a JSON object with `text`, found what is no JSON: {error}"
    if problem := _PROBLEM.fullmatch(str(error)):
        return f"wanted {problem['wanted']} as `{problem['key']}`, found {problem['found']}"
    if "missing required field" in str(error):
        return "wanted an object with the key `text`, found one without"
    return f"wanted a JSON object with `text`, found {str(error).rpartition('got ')[2]}"
