"""The report is served to this machine alone, and so is nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import requests

from flows.defaults import LOOPBACK
from flows.report.serve import server


@pytest.fixture
def address(tmp_path: Path):
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "record.html").write_text("the record")
    (tmp_path / "secret.txt").write_text("a key")
    with server(folder, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving.server_address
        serving.shutdown()
        thread.join()


def test_it_listens_on_the_loopback_and_serves_the_pages(address) -> None:
    host, port = address
    assert host == LOOPBACK == "127.0.0.1"
    assert requests.get(f"http://{host}:{port}/record.html").text == "the record"


def test_it_lists_no_folder_and_leaves_its_own_for_no_file(address) -> None:
    host, port = address
    assert requests.get(f"http://{host}:{port}/").status_code == 404
    for path in ("../secret.txt", "%2e%2e/secret.txt", "/etc/hosts"):
        assert requests.get(f"http://{host}:{port}/{path}").status_code == 404
