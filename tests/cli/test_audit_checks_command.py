"""`audit checks` lists the catalogue; `audit parse` judges saved output by it."""

import json

import pytest

from noc_console.cli.main import main

SOCKET = 'tcp LISTEN 0 80 0.0.0.0:3306 0.0.0.0:* users:(("mariadbd",pid=700,fd=22))\n'


def test_the_catalogue_is_listed_in_the_order_of_the_monthly_list(capsys, tmp_path):
    assert main(["audit", "checks", "--json", "--store", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["audit", "checks", "--store", str(tmp_path)]) == 0

    assert told["checks"][0]["step"] == "software updated"
    assert "FW-01" in capsys.readouterr().out


def test_a_sites_own_file_beside_its_store_counts(capsys, tmp_path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "own.toml").write_text('[[change]]\nid = "FW-01"\noff = "Not here."\n')

    main(["audit", "checks", "--json", "--store", str(tmp_path)])

    off = {one["id"]: one["off"] for one in json.loads(capsys.readouterr().out)["checks"]}
    assert off["FW-01"] == "Not here."


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_saved_output_is_judged(capsys, tmp_path, form):
    saved = tmp_path / "ss.txt"
    saved.write_text(SOCKET)

    assert main(["audit", "parse", "fw-01", str(saved), "--store", str(tmp_path), *form]) == 0

    out = capsys.readouterr().out
    assert "fail" in out
    assert "mariadbd listens on 0.0.0.0 port 3306/tcp" in out


def test_output_of_a_command_that_ended_badly_is_not_measured(capsys, tmp_path):
    saved = tmp_path / "ss.txt"
    saved.write_text(SOCKET)

    main(["audit", "parse", "FW-01", str(saved), "--exit-status", "1", "--store", str(tmp_path)])

    assert "not measured" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_in_a_sentence(capsys, tmp_path):
    assert main(["audit", "parse", "FW-01", str(tmp_path / "no"), "--store", str(tmp_path)]) == 1

    assert "cannot be read" in capsys.readouterr().err
