from __future__ import annotations

import os

import pytest

from bundler.indexes import for_uv, pip_configuration


@pytest.fixture(autouse=True)
def no_configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def configured(tmp_path, text: str, **variables: str) -> dict[str, str]:
    path = tmp_path / "pip.conf"
    path.write_text(text)
    return for_uv({"PIP_CONFIG_FILE": str(path), **variables})[1]


def test_indexes_of_pip_are_passed_on(tmp_path):
    text = "[global]\nindex-url = https://a/simple\n[install]\nextra-index-url =\n    https://b/simple\n    https://c/simple\nfind-links = https://d/ https://e/\n"
    passed = configured(tmp_path, text)
    assert passed["UV_INDEX_URL"] == "https://a/simple"
    assert passed["UV_EXTRA_INDEX_URL"].split() == ["https://b/simple", "https://c/simple"]
    assert passed["UV_FIND_LINKS"] == "https://d/,https://e/"
    assert passed["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_variable_goes_before_the_file(tmp_path):
    assert (
        configured(tmp_path, "[global]\nindex-url = https://a/\n", PIP_INDEX_URL="https://b/")["UV_INDEX_URL"]
        == "https://b/"
    )


@pytest.mark.parametrize("own", ["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_CONFIG_FILE"])
def test_what_uv_was_told_itself_goes_first(tmp_path, own):
    assert configured(tmp_path, "[global]\nindex-url = https://a/\n", **{own: "https://own/"}) == {}


def test_uvs_own_file_goes_first(tmp_path):
    (tmp_path / "config/uv").mkdir(parents=True)
    (tmp_path / "config/uv/uv.toml").write_text("")
    assert configured(tmp_path, "[global]\nindex-url = https://a/\n") == {}


def test_places_that_are_missing_are_not_passed_on(tmp_path):
    assert "UV_FIND_LINKS" not in configured(tmp_path, f"[global]\nfind-links = {tmp_path / 'none'}\n")
    assert configured(tmp_path, f"[global]\nfind-links = {tmp_path}\n")["UV_FIND_LINKS"] == str(tmp_path)


def test_ways_to_reach_an_index_are_passed_on(tmp_path):
    text = "[global]\ncert = /a.pem\ntrusted-host = a b\nproxy = http://p\n"
    passed = configured(tmp_path, text, ALL_PROXY="http://own")
    assert (passed["SSL_CERT_FILE"], passed["UV_INSECURE_HOST"]) == ("/a.pem", "a b")
    assert "ALL_PROXY" not in passed


@pytest.mark.parametrize("text", ["no section", "[global\n", "\0", "[global]\nindex-url = %(x)s\n"])
def test_broken_file_is_left_to_pip(tmp_path, text):
    configured(tmp_path, text)


@pytest.mark.parametrize("value, options", [("yes", ["--no-index"]), ("false", [])])
def test_going_without_an_index_is_passed_on(value, options):
    assert for_uv({"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": value})[0] == options


def test_user_can_switch_the_files_off(tmp_path):
    assert pip_configuration({"PIP_CONFIG_FILE": os.devnull}) == {"config-file": os.devnull}
