"""Contrast rows from real news: what happened beside what did not, who did it beside whom it befell.

`python -m training.contrast --data ../shared/data --data2 ../shared/data2 --out FOLDER` writes
`contrast.jsonl.gz`. Each row: {id, question, context, answers: [{text, start}], answerable, kind, pair}, and
`tempting` (a span of the context that must not be given) where nothing answers. `pair` groups a passage
with its altered ones. Sentences come from articles of the training side only; nothing here is asked by hand.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from training.clauses import Clause, analyse, model
from training.counting import count_rows, number_rows
from training.drawing import Draw
from training.passages import Article, Row, article, names_of, normal
from training.undoing import (
    absent_rows,
    event_rows,
    mismatch_rows,
    no_agent_rows,
    paraphrase_rows,
    premise_rows,
    role_rows,
    unreal_rows,
)
from training.wordings import CONVERSE_AGENT, SAME_AS, TABLES, VERBS

SEED = 7
PARAGRAPHS = 14  # of an article that are read: what is new stands above
HELD_OUT_FROM = "2023-01-01"  # later RealTime QA articles are kept for measuring
MIN_NAMES = 8  # of each kind, to be exchanged for others
SHARED_WORDS = 8  # a sentence of so many words that a kept-aside set has as well is left out
UNITS = {  # how many passages are altered for each kind
    "unreal": 520,
    "negated": 320,
    "denied": 320,
    "hedged": 300,
    "conditional": 240,
    "planned": 240,
    "cancelled": 260,
    "staged": 260,
    "roles": 420,
    "no_agent": 220,
    "counts": 160,
    "number": 200,
    "premise": 480,
    "mismatch": 280,
    "absent": 300,
    "paraphrase": 560,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.contrast", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public tables")
    parser.add_argument("--data2", type=Path, required=True, help="folder of the second set of tables")
    parser.add_argument("--out", type=Path, required=True, help="where contrast.jsonl.gz goes")
    parser.add_argument("--articles", type=int, default=3000, help="how many articles are parsed")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    nlp = model()
    texts = article_texts(options.data, options.data2, limit=options.articles, seed=options.seed)
    kept_aside = kept_aside_sentences(options.data)
    articles = parsed_articles(texts, nlp=nlp, kept_aside=kept_aside)
    made = contrast_rows(articles, seed=options.seed)
    write(made, options.out / "contrast.jsonl.gz")
    for kind, count in sorted(Counter(str(row["kind"]) for row in made).items()):
        print(f"{count:6}  {kind}")
    answerable = sum(bool(row["answerable"]) for row in made)
    print(f"{len(made):6}  rows, {answerable} of them answerable, in {options.out / 'contrast.jsonl.gz'}")


def contrast_rows(articles: Sequence[Article], *, seed: int, units: dict[str, int] = UNITS) -> list[Row]:
    """All rows, in groups, the groups shuffled. The same for the same articles and seed.

    SystemExit where the articles have too few names to exchange.
    """
    names = names_of(articles)
    fewest = min(names.by_label, key=lambda label: len(names.by_label[label]))
    if len(names.by_label[fewest]) < MIN_NAMES:
        raise SystemExit(
            f"{len(articles)} articles have only {len(names.by_label[fewest])} names of the kind {fewest} to"
            f" exchange for others; {MIN_NAMES} are needed. Give more articles with --articles."
        )
    draw = Draw(names, random.Random(seed))
    uses: Counter[tuple[int, int]] = Counter()
    every: list[list[Row]] = []
    for kind, wanted in units.items():
        made = groups(draw, kind, articles, wanted=wanted, uses=uses)
        print(f"{kind}: {len(made)} of {wanted} passages", file=sys.stderr)
        every += made
    random.Random(seed).shuffle(every)
    return [
        row | {"id": f"contrast-{number}"}
        for number, row in enumerate(row for group in every for row in group)
    ]


KIND_ROWS: dict[str, Callable[[Draw, str, Article, int], list[Row]]] = {
    **dict.fromkeys(TABLES, event_rows),
    "unreal": unreal_rows,
    "roles": role_rows,
    "no_agent": no_agent_rows,
    "counts": count_rows,
    "number": number_rows,
    "premise": premise_rows,
    "mismatch": mismatch_rows,
    "absent": absent_rows,
    "paraphrase": paraphrase_rows,
}


def groups(
    draw: Draw, kind: str, articles: Sequence[Article], *, wanted: int, uses: Counter[tuple[int, int]]
) -> list[list[Row]]:
    """Up to so many groups of rows of one kind. `uses`: how often a sentence was taken, over all kinds."""
    spots = [(a, i) for a, one in enumerate(articles) for i in _places(kind, one)]
    draw.random_.shuffle(spots)
    if kind not in {"unreal", "counts"}:
        worth = {(a, i): _worth(draw, kind, articles[a].clauses[i]) for a, i in spots}
        spots.sort(key=lambda spot: uses[spot] - worth[spot])
    found: list[list[Row]] = []
    for a, i in spots:
        if len(found) == wanted:
            break
        made = [row for row in KIND_ROWS[kind](draw, kind, articles[a], i) if row]
        if len(made) > 1:
            uses[a, i] += 1
            found.append([row | {"pair": f"{kind}-{len(found)}"} for row in made])
    return found


def _places(kind: str, one: Article) -> Iterable[int]:
    """The sentences that a kind can be made of."""
    return {"unreal": one.unreal, "counts": range(len(one.sentences))}.get(kind, one.clauses)


def _worth(draw: Draw, kind: str, found: Clause) -> float:
    """Clauses with names, and verbs that can be asked about in other words, come first."""
    agent, patient = found.agent, found.patient
    worth = 0.7 * bool(agent and agent.named) + 0.7 * bool(patient and patient.named)
    worth += 0.5 * (found.verb in VERBS) + 0.3 * bool(agent and patient)
    if kind in TABLES:
        worth += 0.8 * bool(agent and agent.who)
    if kind in {"roles", "paraphrase", "no_agent"}:
        worth += 1.5 * (SAME_AS.get(found.verb, found.verb) in CONVERSE_AGENT)
    return worth + draw.random_.random()


def article_texts(data: Path, data2: Path, *, limit: int, seed: int) -> list[tuple[str, list[str]]]:
    """(id, paragraphs) of articles of the training side, shuffled; SystemExit that names a missing table.

    Beside some `limit` articles, a few more of which only the lines about the dead and the hurt are taken.
    """
    tables = {
        data / "realtimeqa/articles.jsonl.gz": 0.58,
        data / "bbc/articles.jsonl.gz": 0.24,
        data / "news_clusters/articles.jsonl.gz": 0.13,
        data2 / "polnear/train.articles.jsonl.gz": 0.05,
    }
    random_ = random.Random(seed)
    chosen: list[tuple[str, list[str]]] = []
    tolls: list[tuple[str, list[str]]] = []
    for path, share in tables.items():
        found = [(str(row["id"]), _paragraphs(row["text"])) for row in table(path) if not held_out(path, row)]
        random_.shuffle(found)
        count = int(limit * share)
        chosen += found[:count]
        tolls += [(name, lines) for name, all_ in found[count:] if (lines := _toll(all_))]
    random_.shuffle(tolls)
    chosen += tolls[: int(limit * TOLL_SHARE)]
    random_.shuffle(chosen)
    return chosen


def held_out(path: Path, row: dict) -> bool:
    """Whether an article is of the side that is only measured on: RealTime QA's later and undated ones."""
    return path.parent.name == "realtimeqa" and not "" < (row["published"] or "")[:10] < HELD_OUT_FROM


def _toll(paragraphs: Sequence[str]) -> list[str]:
    at = next((i for i, text in enumerate(paragraphs) if TOLL.search(text)), None)
    return [] if at is None else list(paragraphs[max(0, at - 2) : at + 3])


TOLL_SHARE = 0.2  # further articles, of which only the lines about the dead and the hurt are read
TOLL = re.compile(
    r"(?:kill|dead|died)[^.]{3,60}\b(?:injur|wound|hurt|missing)|(?:injur|wound|hurt)[^.]{3,60}\b(?:kill|dead|died)"
)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if len(line.split()) >= 6][:PARAGRAPHS]


def table(path: Path) -> Iterator[dict]:
    """The records of a `.jsonl.gz` table; SystemExit that names it where it is missing."""
    if not path.exists():
        raise SystemExit(f"{path} is missing. Give the folders of the tables with --data and --data2.")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def kept_aside_sentences(data: Path) -> frozenset[str]:
    """Sentences of what is only measured on: demo articles and SQuAD's development half, normalised."""
    found = set()
    for path, key in (
        (data / "wikinews/articles.jsonl.gz", "text"),
        (data / "squad/dev.jsonl.gz", "context"),
    ):
        for text in {row[key] for row in table(path)}:
            found |= {normal(part) for part in re.split(r"(?<=[.!?])\s+|\n+", text)}
    return frozenset(one for one in found if len(one.split()) >= SHARED_WORDS)


def parsed_articles(
    texts: Sequence[tuple[str, list[str]]], *, nlp: object, kept_aside: frozenset[str]
) -> list[Article]:
    """Articles parsed, with progress on the error output; kept-aside sentences are left out."""
    found = []
    parsed = analyse((paragraphs for _, paragraphs in texts), nlp=nlp)
    for count, ((name, _), sentences) in enumerate(zip(texts, parsed, strict=True), 1):
        found.append(article(name, sentences, kept_aside=kept_aside))
        if count % 100 == 0 or count == len(texts):
            print(f"\rparsed {count} of {len(texts)} articles", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def write(made: Iterable[Row], path: Path) -> None:
    """Gzip JSON lines, the same bytes for the same rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file:
        for row in made:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
