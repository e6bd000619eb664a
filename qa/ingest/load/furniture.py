"""Knows the lines that publishing systems add to articles, and takes them away: shortcodes, feed footers,
cuts.

Takes text whose paragraphs are lines; gives it without them. What was cut off by whoever exported it is told
apart from what is there.
"""

from __future__ import annotations

import re

_FEED_FOOTER = re.compile(
    r"(?:the post|this article|the article) .{1,300} (?:appeared first on|first appeared on|was originally"
    r" published (?:on|at)) .{1,150}$",
    re.IGNORECASE,
)
CUT_CHARS = 80  # such a mark stands within so many of the end
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[(?:\+\s?)?(?P<left>\d+) (?:chars|characters)\]\s*$")
_MORE = re.compile(r"\s*(?:\[(?:…|\.\.\.|&hellip;|&#8230;)\])\s*$")
_NAMED = (
    r"gallery|caption|wp_caption|embed|audio|video|playlist|more|contact-form(?:-7)?|button|youtube|vimeo|tweet|"
    r"instagram|facebook|soundcloud|googlemaps|dropcap|pullquote|sc|toc|newsletter|related|ad|ads|adrotate|"
    r"su_\w+|vc_\w+|et_pb_\w+|av_\w+|fusion_\w+|elementor-\w+"
)
_SHORTCODE = re.compile(
    rf"\[(?P<close>/)?(?P<name>[a-z][\w-]{{1,40}})(?P<facts>(?:\s+[\w-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))*"
    rf"(?:\s+\"[^\"]*\")*)\s*/?\]|\[/?(?:{_NAMED})\b[^\[\]]{{0,500}}\]",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\[(?P<name>(?:wp_)?caption)\b(?P<facts>[^\]]*)\](?P<inside>.*?)\[/(?P=name)\]",
    re.DOTALL | re.IGNORECASE,
)
_EMBED = re.compile(r"\[embed\b[^\]]*\][^\[\]]{0,500}\[/embed\]", re.IGNORECASE)


def without_furniture(text: str) -> str:
    """The text without feed footers, shortcodes and the marks of a shortened summary."""
    if "[" in text:
        text = without_shortcodes(text)[0]
    lines = (_MORE.sub("…", line) for line in text.split("\n") if not _FEED_FOOTER.match(line.strip()))
    return "\n".join(lines)


def without_shortcodes(text: str) -> tuple[str, list[str]]:
    """The text without WordPress shortcodes, and the captions that stood in them.

    A word in square brackets is one where it has facts (`[gallery ids="1"]`), is closed again, or is known;
    "[sic]" and "[the] minister" are the writer's.
    """
    captions = [
        words
        for match in _CAPTION.finditer(text)
        if (words := " ".join(re.sub(r"<[^<>]*>", " ", match["inside"]).split()))
    ]
    text = _EMBED.sub("", _CAPTION.sub("\n", text))
    closed = {match.lower() for match in re.findall(r"\[/([a-z][\w-]{1,40})\]", text, re.IGNORECASE)}

    def replaced(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        known = match["name"] is None or re.fullmatch(_NAMED, name) or match["facts"] or name in closed
        return "" if known else match.group()

    return _SHORTCODE.sub(replaced, text), captions


def cut_off(text: str) -> tuple[str, int]:
    """The text without a mark such as "… [+2829 chars]", and how many characters it says are missing."""
    match = _CUT.search(text, max(0, len(text) - CUT_CHARS)) if text.rstrip().endswith("]") else None
    return (text[: match.start()].rstrip(" .…") + "…", int(match["left"])) if match else (text, 0)
