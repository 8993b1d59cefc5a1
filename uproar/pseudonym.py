"""Pseudonyms of authors: pure. The handle itself never leaves the producer."""

import hashlib

from uproar.errors import SettingsError

MIN_KEY_BYTES = 16
_PSEUDONYM_BYTES = 16
_PRINT_BYTES = 4
_MAX_KEY_BYTES = 64  # of BLAKE2b, RFC 7693


class Pseudonyms:
    """Names authors by a keyed BLAKE2b (RFC 7693), so that nobody without the key can undo it.

    The same author of the same platform has the same pseudonym wherever the same key is used;
    another key gives names that cannot be linked to these.
    Raises SettingsError where the key is too short to be a secret.
    """

    def __init__(self, key: str) -> None:
        secret = key.encode(errors="surrogatepass")  # an environment may hold any bytes
        if len(secret) < MIN_KEY_BYTES:
            raise SettingsError(
                f"`UPROAR_AUTHOR_KEY` is too short to be a secret: wanted at least "
                f"{MIN_KEY_BYTES} bytes, found {len(secret)}",
                hint="leave it empty and one is generated, or take `openssl rand -hex 32`",
            )
        if len(secret) > _MAX_KEY_BYTES:
            secret = hashlib.blake2b(secret).digest()
        self._keyed = hashlib.blake2b(key=secret, digest_size=_PSEUDONYM_BYTES)
        print_ = hashlib.blake2b(key=secret, digest_size=_PRINT_BYTES, person=b"uproar key print")
        self.key_print = print_.hexdigest()
        """Tells whether two runs used the same key, and nothing else about it."""

    def name(self, platform: str, author: str) -> str:
        """Return 32 hexadecimal digits for an author, or "" where the author is unknown.

        >>> Pseudonyms("an invented key!").name("mastodon", "ada@example.social")
        '339ae2586a4945376066d8ab81b5924c'
        >>> Pseudonyms("an invented key!").name("mastodon", "")
        ''
        """
        if not author:
            return ""
        digest = self._keyed.copy()
        digest.update(f"{platform}:{author}".encode(errors="surrogatepass"))
        return digest.hexdigest()
