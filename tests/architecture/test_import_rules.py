"""The rooms import downwards only, and Qt stays in the desk."""

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_every_import_contract_holds(tmp_path):
    assert lint_imports(cache_dir=str(tmp_path)) == EXIT_STATUS_SUCCESS
