"""Tables of posts as others publish them: comma-separated, and tab-separated without a header."""

import csv
import io
import re
from collections.abc import Iterator

from uproar.evaluation.lines import Line, Source, lines_of, wrong

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def header_of(source: Source) -> list[str]:
    """Return the names in the first line of a comma-separated table; none of any other file."""
    start = source.content[:4096].decode("utf-8", "replace").partition("\n")[0]
    names = next(csv.reader([start.removeprefix("\ufeff").strip()]), [])
    return names if len(names) > 1 and all(re.fullmatch(r"[\w -]+", name) for name in names) else []


def is_csv(source: Source) -> bool:
    """Tell whether a file is a comma-separated table with a column `text`."""
    return "text" in header_of(source)


def rows_of_csv(source: Source) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row of a table by column, and where it ends. Raises InputError."""
    for _ in lines_of(source):
        pass  # raises where it is not UTF-8
    reader = csv.DictReader(io.StringIO(source.content.decode("utf-8-sig"), newline=""))
    try:
        for row in reader:
            where = f"{source.name}:{reader.line_num}"
            if None in row or None in row.values():
                found = "more" if None in row else "fewer"
                raise wrong(where, f"{len(reader.fieldnames or ())} columns", found)
            yield where, row
    except csv.Error as error:
        raise wrong(f"{source.name}:{reader.line_num}", "a row of CSV", str(error)) from error


def texts_of_csv(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the column `text` and where each row ends."""
    return ((where, row["text"]) for where, row in rows_of_csv(source))


def fields_of(line: Line, n: int) -> list[str]:
    """Return the `n` fields of a line between tabs; the last one, a text, may hold tabs itself.

    Raises InputError.
    """
    fields = line.text.split("\t", n - 1)
    if len(fields) < n:
        raise wrong(line.where, f"{n} fields between tabs", str(len(fields)))
    return [unescaped(field.strip("\t")) for field in fields]


def unescaped(text: str) -> str:
    r"""Return a text with the escapes read that the sets of SemEval hold.

    >>> unescaped(r"it\u2019s \ud83d\ude42")
    'it’s 🙂'
    """
    if "\\u" not in text:
        return text
    units = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
