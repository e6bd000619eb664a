"""`python -m qa …`: the command line of `qa/cli.py`."""

import sys

from qa.cli import main

sys.exit(main())
