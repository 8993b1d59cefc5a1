"""Cut the encoder's 250,000 pieces to those that posts in the eight languages are made of."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

_SPECIAL = 4
_WRITTEN = re.compile(r"▁?(?:[\u0020-\u024f]+|[\u0600-\u06ff]+)")
_SINGLE = re.compile(r"[\u0020-\u02ff\u0600-\u06ff\u2000-\u2bff\U0001f000-\U0001faff]")


def pruned(tokenizer: Path, texts: Sequence[str], commonest: int) -> tuple[str, list[int]]:
    """Return the tokenizer file of the smaller vocabulary, and the kept ids in their new order.

    Kept are the pieces met twice in the texts, single letters and signs, and the `commonest`
    pieces of Latin and Arabic letters. What one left out stood for is put together of others.
    """
    file = json.loads(tokenizer.read_text(encoding="utf-8"))
    whole = Tokenizer.from_str(json.dumps(file))
    met = Counter(i for encoded in whole.encode_batch(list(texts)) for i in encoded.ids)
    kept = []
    written = 0
    for number, (piece, _) in enumerate(file["model"]["vocab"]):
        fits = _WRITTEN.fullmatch(piece) is not None
        written += fits
        single = _SINGLE.fullmatch(piece.removeprefix("▁") or " ") is not None
        if number < _SPECIAL or met[number] > 1 or single or (fits and written <= commonest):
            kept.append(number)
    file["model"]["vocab"] = [file["model"]["vocab"][number] for number in kept]
    file["added_tokens"] = [token for token in file["added_tokens"] if token["id"] < _SPECIAL]
    file["truncation"] = file["padding"] = None
    return json.dumps(file, ensure_ascii=False, separators=(",", ":")), kept
