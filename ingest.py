"""Door: `python ingest.py [PATH…]` stores articles. The work is in `qa/ingest.py`, the options in `qa/cli.py`."""

import sys

from qa.cli import ingest_main

if __name__ == "__main__":
    sys.exit(ingest_main())
