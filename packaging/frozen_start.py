"""Where the frozen program starts: `noc-console` with the words it was given."""

import sys

from noc_console.notices.template_process import FROZEN_WORD

if sys.argv[1:] == [FROZEN_WORD]:
    from noc_console.notices.template_child import main as fill_in_templates

    sys.exit(fill_in_templates())

from noc_console.cli.main import main

sys.exit(main())
