"""What is new since somebody was here, and what there is of the names and topics they follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.surfaces.html.render import Row, day_in_words, render

FRESH = 5  # articles that are named of a topic


def news_html(found: Row, followed: Mapping[str, Sequence[Row]], *, returning: bool) -> str:
    """The stories as the endpoint `news` gives them, below the followed topics with the articles that are
    new of each. `returning`: somebody who was here before."""
    return render(
        "news",
        said=_summary(found, returning=returning),
        stories=found["told"],
        more=found["stories"] - len(found["told"]) if found["since"] is None else 0,
        followed=list(followed.items()),
        shown=FRESH,
    )


def arrived_html(stories: int, followed: Mapping[str, int]) -> str:
    """The line that tells somebody who comes back how much is new, also of what they follow; else empty."""
    named = [f"{topic}: {number} new" for topic, number in followed.items() if number]
    parts = [f"Since you were here: {_stories(stories)}"] if stories else []
    return render("arrived", said=" · ".join([*parts, *named])) if parts or named else ""


def _summary(found: Row, *, returning: bool) -> str:
    if not found["stories"]:
        return "There are no articles yet." if not returning else "Nothing new since you were here."
    if found["since"] is None and returning:
        return f"Since you were here: {_stories(found['stories'])}"
    newest = (
        f"The newest stories, from {day_in_words(found['since'])} on"
        if found["since"]
        else "The newest stories"
    )
    return f"Nothing new since you were here. {newest}" if returning else newest


def _stories(number: int) -> str:
    return f"{number:,} stor{'y' if number == 1 else 'ies'}"
