"""A topic over time: its chart of days and its dated quotes, to be shown and to be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qa.store.browse import UNKNOWN
from qa.surfaces.bins import Bin, bins
from qa.surfaces.html.keep import as_markdown, where
from qa.surfaces.html.render import Row, day_in_words, render

LABELS, LABELS_NARROW = 12, 6  # of a chart, that stand beside each other on a desk and on a phone


def timeline_html(topic: str, found: Row, *, since: str = "", until: str = "") -> str:
    """What the archive holds of a topic, as the endpoint `topic` gives it; each quote opens its article."""
    outlets = Counter(row["outlet"] for row in found["articles"] if row["outlet"])
    return render(
        "timeline",
        topic=topic,
        events=found["events"],
        articles=len(found["articles"]),
        more=found["more"],
        undated=sum(not row["published"] for row in found["articles"]),
        names=found["names"],
        outlets=outlets.most_common(),
        days=days_in_words(since, until),
    )


def chart_html(
    counts: Mapping[str, int],
    topic: str = "",
    part: Mapping[str, int] | None = None,
    *,
    since: str = "",
    until: str = "",
) -> str:
    """How many articles there are of which days, those on the topic, `part`, in the accent.

    Both map days to numbers, UNKNOWN to those that have none. Bars outside the chosen days are dimmed.
    """
    dated = {day: number for day, number in counts.items() if day != UNKNOWN}
    of_topic = {day: number for day, number in (part or {}).items() if day in dated}
    made = bins(dated, of_topic) if len(dated) > 1 else []
    most = max((each.count for each in made), default=1)
    often, seldom = (set(range(0, len(made), -(-len(made) // n) or 1)) for n in (LABELS, LABELS_NARROW))
    bars = [
        {
            **_bar(each, most, topic),
            "within": _is_within(each, since, until),
            "chosen": (each.first.isoformat(), each.last.isoformat()) == (since, until),
            "often": number in often,
            "seldom": number in seldom,
        }
        for number, each in enumerate(made)
    ]
    return render("chart", bars=bars, said=_caption(counts, topic, of_topic))


def days_in_words(since: str, until: str) -> str:
    """The chosen days as they stand behind a noun: " from 1 March 2015 to 3 April 2015"; empty for all."""
    first = f" from {day_in_words(since)}" if since else ""
    last = f" {'to' if since else 'until'} {day_in_words(until)}" if until else ""
    return f" of {day_in_words(since)}" if since and since == until else first + last


def timeline_markdown(topic: str, rows: Sequence[Row]) -> str:
    """The timeline as Markdown, to keep."""
    lines = [f"# {as_markdown(topic)}"]
    for row in rows:
        by = ", ".join(part for part in (row["title"], row["outlet"]) if part)
        lines.append(
            f"**{day_in_words(row['published'])}**: {as_markdown(by)}{where(row)}\n\n"
            f"> {as_markdown(row['quote'])}"
        )
    return "\n\n".join(lines) + "\n"


def _bar(each: Bin, most: int, topic: str) -> dict[str, Any]:
    articles = f"{each.count} article{'' if each.count == 1 else 's'}"
    return {
        "first": each.first.isoformat(),
        "last": each.last.isoformat(),
        "label": each.label,
        "said": f"{each.name}: {articles}" + (f", {each.part} on {topic}" if topic else ""),
        "height": round(100 * each.count / most, 1),
        "share": round(100 * each.part / each.count, 1) if each.count else 0,
    }


def _is_within(each: Bin, since: str, until: str) -> bool:
    return (not since or each.last.isoformat() >= since) and (not until or each.first.isoformat() <= until)


def _caption(counts: Mapping[str, int], topic: str, of_topic: Mapping[str, int]) -> str:
    dated, undated = sum(n for day, n in counts.items() if day != UNKNOWN), counts.get(UNKNOWN, 0)
    said = f"{dated:,} dated article{'' if dated == 1 else 's'}"
    said += f", {sum(of_topic.values()):,} of them on “{topic}”" if topic else ""
    without = f" {undated:,} article{' has' if undated == 1 else 's have'} no date." if undated else ""
    return f"{said}.{without}" if counts else "There are no articles yet."
