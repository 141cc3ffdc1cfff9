# Written by `cargo xtask rules`.
"""cog_ tokens, for detect-secrets. Their checksum is CRC-32 in base 62."""

import re
import zlib

from detect_secrets.plugins.base import RegexBasedDetector

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def checksum(text):
    number, out = zlib.crc32(text.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        out = DIGITS[digit] + out
    return out


class CogAuthTokenDetector(RegexBasedDetector):
    secret_type = "cog-auth token"

    denylist = [re.compile(r"cog_1[spx][0-9A-Za-z]{69}[0-9A-Za-z]{6}")]

    def analyze_string(self, string):
        for token in super().analyze_string(string):
            if checksum(token[:75]) == token[75:]:
                yield token
