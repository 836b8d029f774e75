"""Bytes -> text: UTF-8, UTF-16, or what older programs write, where it gives words; else a reason and a remedy."""

import codecs
import re

from core.data.example import Remark, Skipped, Unreadable

WIDE = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
SAMPLE = 300_000  # bytes, or characters, that show how a file is coded
SAVE = "open the file in the program it comes from, and save it as UTF-8."

# Bytes with signs and letters of a western language; quotation marks and dashes may stand beside its letters
HIGH = re.compile(rb"[\x80-\xff]+")
BESIDE = b"\x85\x91\x92\x93\x94\x96\x97"
SHARP_S = re.compile(rb"[\xc4\xd6\xdc\xe4\xf6\xfc]\xdf")  # Größe
# A sign between two letters: the sign stands first, since few characters are one. Or a capital behind a small letter
SIGN_INSIDE = re.compile(
    r"[\x80-\x91\x93-\xa9\xab-\xac\xae-\xb4\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?<=[^\W\d_].)(?=[^\W\d_])"
    r"|[\x8a\x8c\x8e\x9f\xc0-\xd6\xd8-\xde](?<=[a-z\xdf-\xf6\xf8-\xff].)"
)
LATIN_9 = re.compile(rb"[A-Za-z]\xbd[a-z]")  # œ, as in sœur; elsewhere this byte is ½
TWICE = re.compile("[\xc2-\xc5][\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2018-\u203a]|\xe2\u20ac")  # Ã© for é, â€™ for ’

TOLD = {  # how a file was read that is not in UTF-8
    "cp1252": "The file is not in UTF-8, so it was read as Latin-1 (Windows-1252).",
    "iso8859-15": "The file is not in UTF-8, so it was read as Latin-9 (ISO 8859-15).",
    "twice": "The file was taken for Latin-1 and coded as UTF-8 once more: that was undone, so Ã© is é again.",
}


def text_of(data: bytes, otherwise: str | None = None) -> str:
    """The text of a file.

    `otherwise`: how it is read if it is neither in UTF-8 nor in UTF-16; None: in Windows-1252 (Latin-1 with quotation
    marks), where that gives words. Raises Unreadable for what is no text.
    """
    wide = data.startswith(WIDE)
    if b"\0" in data and not wide:
        raise Unreadable("This is not a text file: it holds NUL bytes. Save the data as plain text in UTF-8.")
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as fault:
        coding = None if wide else otherwise or _western(data, fault.start)
        if coding is None:
            raise Unreadable(_not_utf_8(data, fault.start, wide)) from None
        return data.decode(coding)
    if "\0" in text:
        raise Unreadable("This is not a text file: it holds NUL bytes. Save the data as plain text in UTF-8.")
    return _once(text) or text


def remarks(data: bytes) -> list[Skipped]:
    """What is to be told of the bytes of a file that was read"""
    try:
        coding = "twice" if _once(data.decode("utf-16" if data.startswith(WIDE) else "utf-8")) else ""
    except UnicodeDecodeError as fault:
        coding = _western(data, fault.start) or ""
    return [Remark(1, TOLD[coding])] if coding else []


def _not_utf_8(data: bytes, place: int, wide: bool) -> str:
    """Where most is in UTF-8, the line where something else begins"""
    if wide or not HIGH.search(data[:place]):
        return f"This is not text in UTF-8: {SAVE}"
    line = data[:place].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    return f"This is not text in UTF-8, or not all of it (line {line} is the first that is not): {SAVE}"


def _western(data: bytes, place: int) -> str | None:
    """Latin-1 with what Windows or Latin-9 adds; None if it reads like another coding: letters with accents then stand
    side by side, as they hardly do in a western language, or signs or capitals stand inside of words. place: of the
    first byte that is not in UTF-8"""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    data = data[max(place - SAMPLE // 2, 0) : place + SAMPLE // 2]
    runs = HIGH.findall(SHARP_S.sub(b"\xdf", data))
    strange = sum(len(run.strip(BESIDE)) > 1 for run in runs)
    coding = "cp1252" if re.search(rb"[\x80-\x9f]", data) or not LATIN_9.search(data) else "iso8859-15"
    strange += len(SIGN_INSIDE.findall(data.decode("latin-1" if coding == "cp1252" else coding)))
    return coding if strange <= 0.3 * len(runs) else None


def _once(text: str) -> str | None:
    """Of text in UTF-8 that was taken for Latin-1 and coded again, the text; None of any other"""
    if text.isascii() or not TWICE.search(text, 0, SAMPLE):
        return None
    for coding in ("cp1252", "latin-1"):
        try:
            return text.removeprefix("\ufeff").encode(coding).decode("utf-8")
        except UnicodeError:
            pass
    return None
