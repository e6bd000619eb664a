"""The command line: `python -m qa …` and `python ingest.py`.

Takes arguments, prints words or JSON, returns an exit code: 0 fine, 1 some input failed, 2 wrong use.
Knows no stage; everything goes through an `Assistant`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.english.quotation import quoted
from qa.errors import QAError, QuestionError, SettingsError
from qa.models.runtime import share_heaps, step_back

if TYPE_CHECKING:
    from qa.desk import Assistant
    from qa.ingest.flow import Progress
    from qa.types import Answer, Article, IngestReport

OK, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
SEEDS = "seeds"  # what `python ingest.py` takes when nothing is named
FAILURES_SHOWN = 20  # more scroll the summary off a screen; --json has them all


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m qa`: one command of ask, search, articles, remove, parse, eval, check, ingest."""
    return _run(_parser(), argv)


def ingest_main(argv: Sequence[str] | None = None) -> int:
    """`python ingest.py`: the same as `python -m qa ingest`."""
    parser = argparse.ArgumentParser(
        prog="ingest.py", description="Store articles, so that they can be asked."
    )
    _ingest_arguments(parser)
    return _run(parser, argv)


def _run(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> int:
    share_heaps()
    arguments = parser.parse_args(argv)
    try:
        code: int = arguments.command(arguments)
    except (SettingsError, QuestionError) as error:
        return _complain(error, WRONG_USE)
    except QAError as error:
        return _complain(error, FAILED)
    except KeyboardInterrupt:
        print("\nStopped. What was stored stays stored; run it again to go on.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `… | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _complain(error: QAError, code: int) -> int:
    print(f"error: {error}", file=sys.stderr)
    return code


# The arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qa", description="Ask news articles; every answer is quoted.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ask = _command(commands, "ask", _ask, "answer a question with quotes")
    ask.add_argument("question", help="the question, in quotes")
    ask.add_argument(
        "--now", type=_day, metavar="DAY", help="the day that “today” means (default: of the newest article)"
    )
    _filter_arguments(ask)

    search = _command(commands, "search", _search, "find passages")
    search.add_argument("query", help="what to look for, in quotes")
    search.add_argument("--k", type=_positive, default=10, metavar="N", help="how many (default 10)")

    timeline = _command(commands, "timeline", _timeline, "tell a topic in dated quotes, oldest first")
    timeline.add_argument("topic", help="a name, a place, an event, in quotes")
    _filter_arguments(timeline)

    _command(commands, "articles", _articles, "list what is stored, newest first")

    remove = _command(commands, "remove", _remove, "remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID", help="as `articles` shows them")

    parse = _command(
        commands, "parse", _parse, "show the articles that files hold; stores nothing", data=False
    )
    parse.add_argument(
        "paths", nargs="+", metavar="PATH", help="files, folders, globs, addresses, or - for standard input"
    )
    _field_argument(parse)

    evaluate = _command(
        commands, "eval", _eval, "measure answers on your own articles and questions", data=False
    )
    evaluate.add_argument("--articles", type=Path, required=True, metavar="FILE", help=".jsonl or .jsonl.gz")
    evaluate.add_argument("--questions", type=Path, required=True, metavar="FILE", help=".jsonl or .jsonl.gz")
    evaluate.add_argument("--limit", type=_positive, metavar="N", help="only the first N questions")

    copy = _command(commands, "copy", _copy, "copy the store to servers, or from them to a folder; resumes")
    copy.add_argument("--to-data", type=Path, metavar="DIR", help="to this folder")
    copy.add_argument("--to-database", metavar="URL", help="to this PostgreSQL database")
    copy.add_argument("--to-chroma", metavar="URL", help="with the vectors on this Chroma server")

    _command(commands, "check", _check, "verify the store; name what is wrong and the command that mends it")
    _ingest_arguments(commands.add_parser("ingest", help="store articles (the same as ingest.py)"))
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], words: str, *, data: bool = True
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words.capitalize() + "."
    )
    parser.set_defaults(command=run)
    parser.add_argument("--json", action="store_true", help="print JSON")
    if data:
        _data_argument(parser)
    return parser


def _ingest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_ingest)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help=f"files, folders, globs, addresses, or - (default {SEEDS}/)"
    )
    _field_argument(parser)
    parser.add_argument("--remove-missing", action="store_true", help="remove articles whose files are gone")
    parser.add_argument(
        "--rebuild", action="store_true", help="build both indexes anew from the catalogue first"
    )
    parser.add_argument(
        "--watch", action="store_true", help="go on with what arrives or changes, until stopped (Ctrl-C)"
    )
    parser.add_argument(
        "--every",
        type=_positive,
        metavar="SECONDS",
        help="with --watch, between two loads of an address (default 300); files are looked at every second",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="a Dask scheduler, such as tcp://10.0.0.5:8786, whose workers read and embed (docs/scale.md)",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    _data_argument(parser)


def _field_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--field",
        type=_field,
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="where JSON or a table of an unknown kind keeps a fact, such as text=body.content; repeatable",
    )


def _field(text: str) -> tuple[str, str]:
    name, sign, path = text.partition("=")
    known = ("text", "title", "outlet", "author", "published", "modified", "url", "language")
    if not sign or not path or name not in known:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no mapping; write {'|'.join(known)}=PATH, text=body.content"
        )
    return name, path


def _data_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the store (default data/)")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2025-04-25") from None


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)


# The commands


def _filter_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=_day, metavar="DAY", help="only articles of this day or later")
    parser.add_argument("--until", type=_day, metavar="DAY", help="only articles of this day or earlier")
    parser.add_argument("--outlet", help="only articles of this outlet")


def _ask(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        answer = desk.ask(
            arguments.question,
            now=arguments.now,
            since=arguments.since,
            until=arguments.until,
            outlet=arguments.outlet,
        )
    _print_json(answer.to_dict()) if arguments.json else _print_answer(answer)
    return OK


def _timeline(arguments: argparse.Namespace) -> int:
    chosen = {name: getattr(arguments, name) for name in ("since", "until", "outlet")}
    with _desk(arguments) as desk:
        rows = [quote.to_dict() for quote in desk.timeline(arguments.topic, **chosen)]
    if arguments.json:
        _print_json(rows)
        return OK
    for row in rows:
        print(f"{row['published'] or 'undated'}  {quoted(_one_line(row['quote']))}")
        print(f"            {row['title']}{_where({**row, 'published': None})}\n")
    if not rows:
        print("The articles say nothing of that.")
    return OK


def _search(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        hits = desk.search(arguments.query, k=arguments.k)
        rows = [hit.to_dict(desk.article(hit.passage.article_id)) for hit in hits]
    if arguments.json:
        _print_json(rows)
        return OK
    for row in rows:
        print(f"{row['score']:.3f}  {row['title']}{_where(row)}\n       {_one_line(row['text'])}\n")
    if not rows:
        print("Nothing found.")
    return OK


def _articles(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        rows = desk.articles()
    if arguments.json:
        _print_json(rows)
        return OK
    for row in rows:
        print(f"{row['published'] or 'undated':10}  {row['title']}  [{row['outlet'] or 'no outlet'}]")
        print(f"{'':10}  {row['id']}")
    print(f"{len(rows)} article{_s(len(rows))}.")
    return OK


def _remove(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        stored = {row["id"] for row in desk.articles()}
        unknown = [name for name in arguments.ids if name not in stored]
        removed = desk.remove([name for name in arguments.ids if name in stored], on_wait=_say_waiting)
    if arguments.json:
        _print_json({"removed": removed, "unknown": unknown})
    else:
        print(f"Removed {removed} article{_s(removed)}.")
    for name in unknown:
        print(f"error: no article has the id {name!r}; `python -m qa articles` lists them.", file=sys.stderr)
    return FAILED if unknown else OK


def _check(arguments: argparse.Namespace) -> int:
    with _desk(arguments) as desk:
        problems = desk.check()
    if arguments.json:
        _print_json({"ok": not problems, "problems": problems})
    else:
        print("\n".join(problems) or "The store is sound.")
    return FAILED if problems else OK


def _parse(arguments: argparse.Namespace) -> int:
    from qa.errors import LoadError
    from qa.ingest.clean import clean
    from qa.ingest.hold import why_held
    from qa.ingest.load import expand, load
    from qa.settings import load_settings
    from qa.types import Failure, Notice

    failed = False
    read = partial(load, allow_private=load_settings().private_addresses, fields=dict(arguments.field))
    for found in (item for path in expand(arguments.paths) for item in _loaded(path, read)):
        try:
            if isinstance(found, Failure):
                raise LoadError(f"{found.source}: {found.reason}")
            if isinstance(found, Notice):
                _print_notice(found)
                continue
            if reason := why_held(found):
                _print_notice(Notice(found.source, reason))
                continue
            if found.remark:
                _print_notice(Notice(found.source, found.remark))
            _print_parsed(clean(found), as_json=arguments.json)
        except LoadError as error:
            failed = True
            print(f"error: {error}", file=sys.stderr)
    return FAILED if failed else OK


def _loaded(path: Any, load: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
    from qa.types import Failure, Notice

    return iter([path]) if isinstance(path, Failure | Notice) else load(path)


def _print_notice(notice: Any) -> None:
    word = "passed over" if notice.kind == "passed_over" else "note"
    print(f"{word}: {notice.source}: {notice.reason}", file=sys.stderr)


def _eval(arguments: argparse.Namespace) -> int:
    from qa.evaluate.report import as_markdown
    from qa.evaluate.run import evaluate

    result = evaluate(arguments.articles, arguments.questions, limit=arguments.limit)
    _print_json(result) if arguments.json else print(as_markdown(result))
    return OK


def _copy(arguments: argparse.Namespace) -> int:
    places = {name: getattr(arguments, name) for name in ("to_data", "to_database", "to_chroma")}
    if not places["to_data"] and not places["to_database"]:
        raise SettingsError("Say where to: --to-database URL with --to-chroma URL, or --to-data DIR.")

    def show(table: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and not arguments.json:
            print(f"\r{table}: {done:,} of {total:,}    ", end="", file=sys.stderr, flush=True)

    with _desk(arguments) as desk:
        copied = desk.copy(**places, on_copied=show, on_wait=_say_waiting)
    if arguments.json:
        _print_json(copied)
        return OK
    rows = copied["rows"]
    print(
        f"Copied {rows['articles']:,} articles in {rows['revisions']:,} revisions, {rows['passages']:,} "
        "passages; every row was compared with its original."
    )
    return OK


def _ingest(arguments: argparse.Namespace) -> int:
    step_back()
    paths = arguments.paths or ([] if arguments.rebuild and not arguments.watch else [SEEDS])
    with _desk(arguments) as desk, _progress(arguments) as show:
        if arguments.rebuild:
            desk.rebuild(on_wait=_say_waiting)
        if arguments.watch and arguments.scheduler:
            raise SettingsError("--watch ingests what arrives on this machine. Leave out --scheduler.")
        if arguments.watch:
            return _watch(desk, paths, arguments, show)
        report = desk.ingest(
            paths,
            remove_missing=arguments.remove_missing,
            scheduler=arguments.scheduler,
            fields=dict(arguments.field) or None,
            progress=show,
            on_wait=_say_waiting,
        )
    _print_json(report.to_dict()) if arguments.json else _print_report(report)
    return FAILED if report.failed else OK


def _watch(
    desk: Assistant,
    paths: Sequence[str],
    arguments: argparse.Namespace,
    show: Callable[[Progress], None] | None,
) -> int:
    """A report, with --json on a line, each time something has come, changed or gone. Ends when stopped."""
    reports = desk.watch(
        paths,
        every_s=arguments.every,
        remove_missing=arguments.remove_missing,
        progress=show,
        on_wait=_say_waiting,
    )
    for number, report in enumerate(reports):
        if number and not (report.added or report.updated or report.removed or report.failed):
            continue  # an address that tells nothing new
        if arguments.json:
            print(json.dumps(report.to_dict(), ensure_ascii=False))
        else:
            _print_report(report)
        sys.stdout.flush()
    return OK


def _say_waiting() -> None:
    print(
        "Another program is writing to this store; waiting until it has finished…",
        file=sys.stderr,
        flush=True,
    )


# Opening and printing


@contextmanager
def _desk(arguments: argparse.Namespace) -> Iterator[Assistant]:
    import qa

    desk = qa.open(arguments.data)
    try:
        yield desk
    finally:
        desk.close()


@contextmanager
def _progress(arguments: argparse.Namespace) -> Iterator[Callable[[Progress], None] | None]:
    """A bar with rate and time left on a terminal; nothing in a pipe, with --json or --quiet."""
    if arguments.quiet or arguments.json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Reading", total=None)

        def show(progress: Progress) -> None:
            rate = f"{progress.articles} articles, {progress.rate / 1000:,.0f} thousand characters/s"
            bar.update(task, total=progress.total, completed=progress.done, description=rate)

        yield show


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _print_answer(answer: Answer) -> None:
    print(answer.text)
    if answer.written_by:
        print(f"\nWritten by {answer.written_by}; every sentence was checked against its quote.")
    if answer.notice:
        print(answer.notice, file=sys.stderr)
    for citation in answer.citations:
        quote = citation.quote
        print(f"\n[{citation.number}] {quoted(_one_line(quote.text))}")
        print(f"    {quote.article.title}{_where(quote.to_dict())}")


def _print_parsed(article: Article, *, as_json: bool) -> None:
    from qa.english.captions import MARK, is_caption

    fields = ("title", "outlet", "author", "published", "modified", "language", "url", "text")
    row: dict[str, Any] = {name: getattr(article, name) for name in fields}
    lines = article.text.split("\n")
    row["text"] = "\n".join(line for line in lines if not is_caption(line)).strip()
    captions = [line.removeprefix(MARK) for line in lines if is_caption(line)]
    if as_json:
        print(json.dumps({**row, "captions": captions}, ensure_ascii=False))
        return
    print("\n".join(f"{name}: {row[name] or '–'}" for name in fields[:-1]) + f"\n\n{row['text']}\n")
    for words in captions:
        print(f"caption: {words}")


def _print_report(report: IngestReport) -> None:
    print(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.removed} removed, {len(report.failed)} failed."
    )
    if report.passed_over:
        print(passed_over(report), file=sys.stderr)
    for notice in report.remarks[:FAILURES_SHOWN]:
        print(f"note: {notice.source}: {notice.reason}", file=sys.stderr)
    if len(report.remarks) > FAILURES_SHOWN:
        print(f"… and {len(report.remarks) - FAILURES_SHOWN} more notes; --json lists all.", file=sys.stderr)
    for failure in report.failed[:FAILURES_SHOWN]:
        print(f"failed: {failure.source}: {failure.reason}", file=sys.stderr)
    if len(report.failed) > FAILURES_SHOWN:
        print(f"… and {len(report.failed) - FAILURES_SHOWN} more; --json lists all.", file=sys.stderr)


def passed_over(report: IngestReport) -> str:
    """One line for all files that nobody reads: how many, of which kinds, and the first of their names."""
    names = [Path(notice.source).name for notice in report.passed_over]
    kinds = Counter(Path(name).suffix.lower() or "without a suffix" for name in names)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(8))
    shown = ", ".join(names[:8]) + (" …; --json names all" if len(names) > 8 else "")
    return f"{len(names)} passed over ({listed}): {shown}"


def _where(row: dict[str, Any]) -> str:
    known = [part for part in (row["outlet"], row["published"]) if part]
    return f" ({', '.join(known)})" if known else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _s(count: int) -> str:
    return "" if count == 1 else "s"
