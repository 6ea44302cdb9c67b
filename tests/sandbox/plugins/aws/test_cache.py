from pathlib import Path

from sandbox.plugins.aws.cache import fingerprint, remembered


def test_what_was_learnt_once_is_not_learnt_again(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "facts.json"
    lessons = iter([{"a": 1}])
    assert remembered(path, lambda: next(lessons)) == {"a": 1}
    assert remembered(path, lambda: next(lessons)) == {"a": 1}
    assert [file.name for file in path.parent.iterdir()] == ["facts.json"]


def test_a_damaged_memory_is_learnt_anew(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"a":')
    assert remembered(path, lambda: {"a": 2}) == {"a": 2}
    assert remembered(path, dict) == {"a": 2}


def test_other_code_or_another_program_learns_for_itself(tmp_path: Path) -> None:
    code, program = tmp_path / "code.py", tmp_path / "program"
    code.write_text("1")
    program.write_text("1")

    def now() -> str:
        return fingerprint(learners=[str(code)], programs=[program])

    first = now()
    assert now() == first
    code.write_text("2")
    second = now()
    program.write_text("another")
    assert len({first, second, now()}) == 3
