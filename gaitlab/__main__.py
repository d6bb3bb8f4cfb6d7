"""``python -m gaitlab``: the command line."""

import sys

from gaitlab.cli.main import main

sys.exit(main())
