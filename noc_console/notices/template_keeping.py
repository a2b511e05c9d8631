"""The site's own templates kept where they are used from: in the store, or in the folder that goes
before it. Blocks.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from noc_console.fleet.whole_file import NotWritten, write_whole
from noc_console.notices.template_shelf import (
    InvalidTemplate,
    TemplateShelf,
    checked_path,
    own_templates,
    put_template,
    read_shelf,
    template_folder,
)
from noc_console.notices.template_trial import try_template
from noc_console.store.store import Store


class Kept(Enum):
    """Where the text of a template that is used comes from."""

    SHIPPED = "shipped"
    OWN = "own"
    """In the store, for everybody."""
    FOLDER = "own, in the folder"
    """In the folder of this machine that goes before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTemplate:
    """A template, where its text comes from, and whether there is a shipped one beneath."""

    path: str
    text: str
    kept: Kept
    has_shipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTemplates:
    """All templates by path, the shelf they are on, and the folder that goes before, if any."""

    templates: tuple[KeptTemplate, ...]
    shelf: TemplateShelf
    folder: str


def read_templates(store: Store) -> KeptTemplates:
    """Give the templates that are used; the site's own first.

    Raises:
        InvalidTemplate: something in the folder cannot be read.
    """
    shelf, shipped, own = read_shelf(store), read_shelf(), own_templates(store)
    folder = template_folder(store)

    def kept(path: str) -> Kept:
        if path not in shelf.own:
            return Kept.SHIPPED
        return Kept.OWN if own.get(path) == shelf.by_path[path] else Kept.FOLDER

    found = [
        KeptTemplate(path=path, text=text, kept=kept(path), has_shipped=path in shipped.by_path)
        for path, text in shelf.by_path.items()
    ]
    found.sort(key=lambda one: (one.kept is Kept.SHIPPED, *_place(one.path)))
    return KeptTemplates(templates=tuple(found), shelf=shelf, folder=folder)


def _place(path: str) -> tuple[object, ...]:
    """The texts first, then what they include, the files of a language, prepared works, causes."""
    folder, _, name = path.rpartition("/")
    is_prepared = path.startswith(("works/", "causes/"))
    return is_prepared, not path.endswith(".md"), name.startswith("_"), folder, name


def keep_template(store: Store, path: str, text: str) -> Kept:
    """Try a template, then keep it where it is used from; gives where.

    Raises:
        ConsoleError: it cannot be used, or not be written; nothing was changed.
    """
    try_template(read_shelf(store), path, text)
    file = _file_of(store, path)
    if file is None:
        put_template(store, path, text)
        return Kept.OWN
    write_whole(file, text.encode())
    return Kept.FOLDER


def take_template_away(store: Store, path: str) -> None:
    """Take the site's own template of a path away; the shipped one holds again, if there is.

    Raises:
        InvalidTemplate, NotWritten: there is none, or its file cannot be removed.
    """
    file = _file_of(store, path)
    if file is not None:
        try:
            file.unlink()
        except OSError as failure:
            raise NotWritten(f"{file} cannot be removed: {failure.strerror}.") from failure
    elif path in own_templates(store):
        put_template(store, path, None)
    else:
        raise InvalidTemplate(f"There is no template of your own at {path}.")


def _file_of(store: Store, path: str) -> Path | None:
    """Give the file that goes before the store, if there is one for this path."""
    folder = template_folder(store)
    if not folder:
        return None
    file = Path(folder).expanduser() / checked_path(path)
    return file if file.is_file() else None
