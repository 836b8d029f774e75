"""Text with the tags and entities of HTML, as flash cards and pages of reviews bring them along -> plain text"""

import html
import re

INLINE = "a|abbr|b|big|cite|code|em|font|i|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
BLOCK = (
    "article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|figure|footer|form|h[1-6]|head|header|hr|html|iframe|"
    "img|input|label|li|link|main|meta|nav|ol|p|pre|rb|rp|rt|ruby|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
OUT_OF_SIGHT = re.compile(r"<!--[^<>]*-->|<(script|style)\b[^<>]*>[^<]*</\1\s*>|<!doctype\b[^<>]*>", re.IGNORECASE)
IN_A_WORD = re.compile(rf"(?<=\w)</?(?:{INLINE})\b[^<>]*>(?=[\w'’])", re.IGNORECASE)  # un<b>kind</b>ly is one word
TAG = re.compile(rf"</?(?:{INLINE}|{BLOCK})\b[^<>]*>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """Text without the tags and entities of HTML: <br /> is a break, &amp; is &; &lt;br /&gt; is a break, too"""
    return _without_tags(unescaped(_without_tags(text)))


def unescaped(text: str) -> str:
    """&amp; is &, and nothing else is changed"""
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return TAG.sub(" ", IN_A_WORD.sub("", OUT_OF_SIGHT.sub(" ", text)))
