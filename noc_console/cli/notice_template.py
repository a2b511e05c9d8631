"""`noc-console notice template`: the templates and prepared texts, and the site's own."""

import argparse
import json
from contextlib import closing

from noc_console.cli.command_module import UsageError
from noc_console.cli.confirm import agrees
from noc_console.cli.near_names import known_or_near
from noc_console.cli.notice_content import read_text
from noc_console.cli.terminal_text import inert
from noc_console.notices.composing import put_usual_language, usual_language
from noc_console.notices.template_shelf import (
    MOST_BYTES,
    TemplateShelf,
    own_templates,
    put_template,
    put_template_folder,
    read_shelf,
    template_folder,
)
from noc_console.notices.template_trial import try_template
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

_ACTS = ("list", "show", "put", "remove", "folder", "language")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the act and which template."""
    parser.add_argument("act", choices=_ACTS, nargs="?", default="list", help="what to do")
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help="such as en/week-before.md; with folder: a folder, with language: such as de",
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="with put: its text; - is the input"
    )
    parser.add_argument("--yes", action="store_true", help="with remove: do not ask")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Do it; what is put is filled in with made-up values first, and kept only if that works.

    Raises:
        ConsoleError: there is none of that path, or it cannot be used; nothing was changed.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        if arguments.act == "folder":
            _folder(store, arguments.path)
        elif arguments.act == "language":
            _language(store, arguments.path)
        elif arguments.act == "list":
            _list(read_shelf(store), is_json=arguments.json)
        elif not arguments.path or (arguments.act == "put" and not arguments.file):
            raise UsageError("Name the template, such as en/week-before.md, and for put a file.")
        elif arguments.act == "show":
            _show(read_shelf(store), arguments.path, is_json=arguments.json)
        elif arguments.act == "put":
            _put(store, arguments.path, read_text(arguments.file, MOST_BYTES))
        else:
            _remove(store, arguments)
    return 0


def _folder(store: Store, path: str | None) -> None:
    """Say or set the folder whose templates go before all others; `""` takes it away."""
    if path is not None:
        put_template_folder(store, path)
    print(inert(template_folder(store)) or "There is no folder of templates.")


def _language(store: Store, code: str | None) -> None:
    """Say or set the language that new notices are written in."""
    if code is not None:
        known_or_near(code, read_shelf(store).languages, "There are no templates in")
        put_usual_language(store, code)
    print(usual_language(store))


def _show(shelf: TemplateShelf, path: str, *, is_json: bool) -> None:
    known_or_near(path, list(shelf.by_path), "There is no template")
    text = shelf.by_path[path]
    if is_json:
        print(json.dumps({"path": path, "text": text}))
    else:
        print(*(inert(line) for line in text.rstrip("\n").split("\n")), sep="\n")


def _list(shelf: TemplateShelf, *, is_json: bool) -> None:
    if is_json:
        told = [{"path": one, "is_own": one in shelf.own} for one in sorted(shelf.by_path)]
        print(json.dumps({"templates": told}))
        return
    for path in sorted(shelf.by_path):
        print(f"{'own' if path in shelf.own else 'shipped':<9}{inert(path)}")


def _put(store: Store, path: str, text: str) -> None:
    try_template(read_shelf(store), path, text)
    put_template(store, path, text)
    print(f"Kept {inert(path)} for everybody; the engine uses it from now on.")


def _remove(store: Store, arguments: argparse.Namespace) -> None:
    known_or_near(arguments.path, list(own_templates(store)), "There is no template of your own")
    if not arguments.yes and not agrees(
        f"Your own {arguments.path} is taken away for everybody.",
        answer="yes",
        instead="give --yes",
    ):
        print("Nothing was changed.")
        return
    put_template(store, arguments.path, None)
    print(f"Took {inert(arguments.path)} away; the one that is shipped holds again, if there is.")
