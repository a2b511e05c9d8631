"""`noc-console channel kinds`: the kinds of channel and what each can be set to."""

import argparse
import json

from noc_console.cli.channel_words import KINDS
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.channels.setting import Setting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which and the form."""
    parser.add_argument("kind", nargs="?", choices=KINDS, metavar="KIND", help="only this kind")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    wanted = [arguments.kind] if arguments.kind else list(KINDS)
    if arguments.json:
        print(json.dumps({"kinds": [_row(name, KINDS[name]) for name in wanted]}))
        return 0
    for name in wanted:
        facts = facts_of(KINDS[name])
        print(f"{name}: {facts.sentence}")
        for one in facts.settings:
            print(f"  {one.name:<14}{one.sentence}{_more(one)}")
        if facts.secrets:
            print(f"  {'the secret':<14}{', '.join(facts.secrets)}")
    return 0


def _more(one: Setting) -> str:
    words = [" Needed." if one.is_required and not one.default else ""]
    if one.choices:
        words.append(f" One of {', '.join(one.choices)}.")
    if one.default:
        words.append(f" Usually {one.default}")
    return "".join(words)


def _row(name: str, kind: ChannelKind) -> dict[str, object]:
    facts = facts_of(kind)
    return {
        "kind": name,
        "sentence": facts.sentence,
        "secret": list(facts.secrets),
        "settings": [
            {
                "name": one.name,
                "sentence": one.sentence,
                "default": one.default,
                "required": one.is_required,
                "choices": list(one.choices),
            }
            for one in facts.settings
        ],
    }
