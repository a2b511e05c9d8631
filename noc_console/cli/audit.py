"""`noc-console audit`: what is checked each month, and what is found, decided and signed."""

import argparse

from noc_console.cli.command_module import Command, add_commands, load_command

COMMANDS = {
    "run": "collect this month's audit, or some servers or checks of it",
    "list": "list the audits, the newest month first",
    "show": "show what an audit found, over all, on one server, or the evidence",
    "diff": "compare two months: what is new, gone, changed, the same since when",
    "recheck": "do one check of one server again, now",
    "agreed": "list, add, end and propose what is agreed for servers",
    "revise": "begin a correction of a signed audit; the signed one stays",
    "report": "write an audit as HTML, PDF, CSV or JSON, whole or of one customer",
    "decide": "say what is done about findings: fixed, accepted, false, a task",
    "sign": "sign an audit as its auditor; what stands against it is said",
    "countersign": "sign it as the second person, with another key",
    "verify": "check that an audit is as it was signed, and by whom",
    "checks": "list the catalogue of checks",
    "parse": "judge the saved output of a check",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the acts."""
    add_commands(parser, COMMANDS, dest="audit_command", load=_load, required=True)


def run(arguments: argparse.Namespace) -> int:
    """Do what was named and give its exit code."""
    return _load(arguments.audit_command).run(arguments)


def _load(name: str) -> Command:
    return load_command(f"audit_{name}")
