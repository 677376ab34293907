"""The shape of the project: who may import whom, module sizes, and nothing of one machine in the files."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import ROOT

OURS = frozenset(
    {
        "actions",
        "bot",
        "cli",
        "console",
        "core",
        "encoder",
        "nlu",
        "tests",
        "training",
        "benchmarks",
        "deploy",
    }
)
EDGES = frozenset({"telegram", "rasa", "rasa_sdk"})
"""What a channel or the understanding brings; each has one folder that may know it."""
MAY_IMPORT = {
    "encoder": frozenset({"encoder"}),
    "core": frozenset({"core", "encoder"}),
    "actions": frozenset({"actions", "core", "rasa_sdk"}),
    "nlu": frozenset({"encoder", "nlu", "rasa"}),
    "training": frozenset({"training", "core", "encoder", "nlu", "rasa"}),
    "bot": frozenset({"bot", "core", "telegram"}),
    "cli": frozenset({"bot", "cli", "console", "core"}),
    "console": frozenset({"console", "core"}),
}
LONGEST_MODULE = 350
OTHER_ENVIRONMENT = frozenset({"rasa", "rasa_sdk", "sanic", "aiogram", "tensorflow"})

HOSTS = re.compile(
    r"https?://[\w.:@-]*(?:pypi|pythonhosted|artifactory|nexus|devpi|registry|proxy|mirror)[\w.:-]*|"
    r"--(?:extra-)?index-url|--find-links|--trusted-host",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w./])/(?:work|root|tmp|home|Users|mnt|workspace)/[\w.-]+")
SECRETS = re.compile(
    r"\b\d{8,10}:AA[\w-]{33}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bghp_\w{36}\b|\bAKIA[A-Z0-9]{16}\b"
)


def tracked() -> list[Path]:
    """Files that git holds, as far as they are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def modules(folder: str) -> list[Path]:
    """Python files below a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and top package of every import, those inside functions and as text too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.lineno, (node.module or "").split(".")[0]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name | ast.Attribute)
            and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
            in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value).split(".")[0]


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_only_allowed_imports(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(folder)
        for line, name in imports(path)
        if name in OURS | EDGES and name not in MAY_IMPORT[folder]
    ]
    assert wrong == []


def test_every_folder_of_code_is_in_the_table() -> None:
    folders = {
        path.relative_to(ROOT).parts[0] for path in tracked() if path.suffix == ".py" and path.parent != ROOT
    }
    assert folders <= set(MAY_IMPORT) | {"tests", "benchmarks", "deploy"}


def test_the_double_knows_nothing_of_the_product() -> None:
    for path in modules("tests/telegram_double"):
        foreign = {name for _, name in imports(path)} & (OURS - {"tests"})
        assert not foreign, f"{path.name} imports {foreign}"
        named = re.findall(r"^(?:from|import) (tests[\w.]*)", path.read_text("utf-8"), re.MULTILINE)
        assert all(name.startswith("tests.telegram_double") for name in named), path.name


def test_one_environment_never_needs_the_other() -> None:
    """What faces people runs without Rasa's libraries; the actions alone meet both."""
    for folder in ("core", "encoder", "bot", "cli", "console"):
        for path in modules(folder):
            assert not {name for _, name in imports(path)} & OTHER_ENVIRONMENT, path


def test_core_names_no_channel() -> None:
    """A second edge must one day stand beside `bot/` without a change in `core/`."""
    for path in modules("core"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not {name for name in names if re.search(r"telegram|whatsapp", name, re.IGNORECASE)} - {
            # settings are read in one place
            "telegram_token",
            "telegram_mode",
            "telegram_api_url",
        }, path


def test_modules_are_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py"
        if (lines := len(path.read_text("utf-8").splitlines())) >= LONGEST_MODULE
    }
    assert long == {}


def test_modules_say_what_they_are() -> None:
    for folder in MAY_IMPORT:
        for path in modules(folder):
            source = path.read_text("utf-8")
            assert not source.strip() or ast.get_docstring(ast.parse(source)), (
                f"{path.relative_to(ROOT)}: no docstring"
            )


def test_no_language_is_code() -> None:
    """Languages are data: nothing asks which one it is."""
    asks = re.compile(r"\b(?:lang|language)\w* ?(?:==|!=|in) ?[\[({]?[\"'](?:id|en|jv|su)[\"']")
    for folder in MAY_IMPORT:
        for path in modules(folder):
            assert not asks.search(path.read_text("utf-8")), path.relative_to(ROOT)


def test_nothing_of_one_machine_in_the_files() -> None:
    wrong = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if path == Path(__file__) or path.suffix in (".gz", ".npz", ".onnx", ".png", ".woff2"):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            wrong += [
                f"{name}:{number}: {found[0]}"
                for pattern in (HOSTS, MACHINE_PATHS, SECRETS)
                for found in [pattern.search(line)]
                if found
            ]
    assert wrong == []


def test_no_link_is_committed() -> None:
    """A link's target is a path of one machine, and the learning loop copies files as they are."""
    held = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line for line in held.stdout.splitlines() if line.startswith("120000")] == []


def test_file_names_are_plain() -> None:
    for path in tracked():
        assert re.fullmatch(r"[\w./@-]+", str(path.relative_to(ROOT)), re.ASCII), path


def test_the_double_needs_only_what_is_locked() -> None:
    known = {"httpx", "starlette", "uvicorn", "uvloop", "telegram", "pytest", "tests"} | set(
        sys.stdlib_module_names
    )
    for path in modules("tests/telegram_double"):
        assert {name for _, name in imports(path)} <= known, path


def test_no_test_is_skipped() -> None:
    """What a test needs is installed or trained before; without it the test fails."""
    skips = re.compile(r"\b(?:pytest\.(?:skip|importorskip|xfail)|mark\.(?:skip|skipif|xfail)|SkipTest)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules("tests")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if skips.search(line)
    ]
    assert found == []
