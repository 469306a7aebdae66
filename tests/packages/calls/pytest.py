from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

Path("conftest.py").write_text("import pytest\n@pytest.fixture\ndef four(): return 4\n")
Path("test_page.py").write_text("""\
def test_passes(four, tmp_path, monkeypatch): assert four == 4
def test_fails(four):
    values = {"a": [1, 2, four]}
    assert values == {"a": [1, 2, 3]}
def test_in_a_child(pytester):
    pytester.makepyfile("def test_inner(): pass")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
""")
with redirect_stdout(StringIO()) as said:
    print(pytest.main(["-p", "pytester", "-q", "--no-header"]))
print(said.getvalue().rpartition(" in ")[0])
