"""Door: `python ingest.py [PATH…]` stores articles, by `qa/ingest/flow.py`; options: `qa/surfaces/cli.py`."""

import sys

from qa.surfaces.cli import ingest_main

if __name__ == "__main__":
    sys.exit(ingest_main())
