"""Where the frozen program starts: `noc-console` with the words it was given."""

import sys

from noc_console.cli.main import main

sys.exit(main())
