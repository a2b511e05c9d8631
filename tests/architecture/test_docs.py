"""The docs name everything that exists, and no file that does not."""

import argparse
import re
from collections.abc import Iterator

import pytest

from noc_console.cli.command_module import CommandParser, load_command
from noc_console.cli.main import COMMANDS
from noc_console.telemetry.metrics import METRICS
from tests.architecture.source import ROOT, named

COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, nested in action.choices.items():
                yield name
                if isinstance(nested, CommandParser):
                    nested.declare()
                yield from _options(nested)
        elif not isinstance(action, argparse._HelpAction):
            yield from (option for option in action.option_strings if option.startswith("--"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    parser = argparse.ArgumentParser()
    load_command(name).add_arguments(parser)
    section = COMMAND_LINE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]

    assert section, f"docs/command-line.md has no section {name}"
    assert [word for word in _options(parser) if word not in section] == []


def test_every_metric_is_documented():
    page = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")

    assert [name for name in METRICS if f"| `{name}` |" not in page] == []


def test_every_link_of_a_page_leads_to_a_file():
    links = [(page, link) for page in PAGES for link in LINK.findall(page.read_text("utf-8"))]

    assert links
    assert [(named(page), link) for page, link in links if not (page.parent / link).exists()] == []
