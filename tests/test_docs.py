"""The documentation says all that there is, and nothing that there is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import main
from core.settings import ROOT, Settings
from core.topics import THEME_TITLES, topics

DOCS = ROOT / "docs"
SKIPPED = {"build", "models", "node_modules", "results", "var"}

PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in SKIPPED for part in path.relative_to(ROOT).parts)
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next one of its rank or a higher one."""
    rank = heading.split(" ")[0]
    after = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"\n#{{1,{len(rank)}}} ", after)[0]


def first_cells(text: str) -> list[str]:
    """The code words in the first column of a page's tables."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def default_of(name: str) -> str:
    """A setting's default as docs/settings.md writes it."""
    value = Settings.model_fields[name].default
    if value is None:
        return "unset"
    return f"`{value}`" if str(value) else "empty"


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(DESMI_\w+)` \| (.+?) \| (.+?) \|$", read("docs/settings.md"), re.MULTILINE)
    fields = Settings.model_fields
    assert [name for name, _default, _meaning in rows] == [f"DESMI_{name.upper()}" for name in fields]
    for (name, default, meaning), (key, field) in zip(rows, fields.items(), strict=True):
        assert default == default_of(key), name
        assert field.description is not None
        assert meaning.startswith(field.description), name


def test_the_example_file_names_every_setting() -> None:
    named = re.findall(r"^#?(DESMI_\w+)=", read(".env.example"), re.MULTILINE)
    assert sorted(named) == sorted(f"DESMI_{name.upper()}" for name in Settings.model_fields)


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    known = {f"DESMI_{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        assert set(re.findall(r"\bDESMI_[A-Z_]+\b", page.read_text("utf-8"))) <= known, page.name


def commands(group: click.Command, path: str = "desmi") -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from commands(command, f"{path} {name}")
    else:
        yield path, group


def test_every_command_and_option_is_documented() -> None:
    text = read("docs/commands.md")
    part = section(text, "## desmi")
    known = dict(commands(main))
    assert set(re.findall(r"^### (.+)$", part, re.MULTILINE)) == set(known)
    for name, command in known.items():
        options = {
            o for p in command.params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)
        }
        documented = re.findall(r"^- `(--[\w-]+)`", section(part, f"### {name}"), re.MULTILINE)
        assert set(documented) == options, name
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        assert all(str(p.name).upper() in section(part, f"### {name}") for p in arguments), name


def test_no_page_names_a_command_that_does_not_exist() -> None:
    known = {name for name, _command in commands(main)}
    groups = {name.rsplit(" ", 1)[0] for name in known if name.count(" ") == 2}
    shown = re.compile(r"(?:^|`|\.venv/bin/)(desmi [a-z]+)((?: [a-z]+)?)", re.MULTILINE)
    for page in PAGES:
        for name, below in shown.findall(page.read_text("utf-8")):
            said = name + below if name in groups else name
            assert said in known | groups, f"{page.name}: {said}"


def test_every_make_target_is_documented() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*?## ", read("Makefile"), re.MULTILINE))
    documented = re.findall(r"^\| `make ([a-z-]+)` \|", read("docs/commands.md"), re.MULTILINE)
    assert sorted(documented) == sorted(targets)
    for page in PAGES:
        named = re.findall(r"(?:^|`|&& )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
        assert set(named) <= targets, page.name


def telegram_commands() -> set[str]:
    """The commands that are published to Telegram."""
    from bot.profile import COMMANDS

    return {f"/{name}" for name in COMMANDS}


def test_every_telegram_command_is_documented() -> None:
    documented = first_cells(section(read("docs/commands.md"), "## Telegram"))
    assert sorted(documented) == sorted(telegram_commands())


def test_every_topic_and_theme_is_documented() -> None:
    text = read("docs/topics.md")
    rows = re.findall(r"^\| `([a-z_]+/[a-z_]+)` \| (.+) \|$", text, re.MULTILINE)
    assert sorted(rows) == sorted((topic.id, topic.title) for topic in topics().values())
    headings = re.findall(r"^## (.+) \(`([a-z_]+)`\)$", text, re.MULTILINE)
    assert headings == [(title, theme) for theme, title in THEME_TITLES.items()]
    assert f"The {len(topics())} topics" in text
    asked = section(read("README.md"), "## What you can ask")
    for title in THEME_TITLES.values():
        row = re.search(rf"^\| {re.escape(title)} \| (.+) \|$", asked, re.MULTILINE)
        assert row is not None, title
        assert row[1].count(" · ") == 1, f"two examples for {title}"


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_relative_link_is_dead(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        assert goal.exists(), target
        if anchor:
            assert anchor in anchors(goal.read_text("utf-8")), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    """Code words that look like a path of this repository are one; patterns and what is made later are not."""
    first = {
        path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
    } - SKIPPED
    for name in re.findall(r"`([\w./-]+)`", page.read_text("utf-8")):
        if name.split("/")[0] not in first or name.endswith(".pot") or "/" not in name:
            continue
        below = [folder for folder in (ROOT, page.parent) if (folder / name).exists()]
        assert below or f"{name}" in {topic.id for topic in topics().values()}, name


def direct_dependencies() -> set[str]:
    found = set()
    for path in sorted((ROOT / "env").glob("*.in")):
        for line in path.read_text("utf-8").splitlines():
            if match := re.match(r"([A-Za-z][\w.-]*)", line):
                found.add(match[1].lower())
    return found


def test_every_direct_dependency_is_explained() -> None:
    text = read("docs/dependencies.md")
    rows = re.findall(r"^\| `([\w.-]+)` \| (.+?) \| (.+?) \|", text, re.MULTILINE)
    assert {name.lower() for name, _licence, _reason in rows} == direct_dependencies()
    assert all(licence.strip() and reason.strip() for _name, licence, reason in rows)


def test_every_decision_is_listed() -> None:
    folder = DOCS / "decisions"
    written = {path.name for path in folder.glob("*.md")} - {"README.md"}
    listed = re.findall(
        r"^\| \[(\d{4})\]\((\d{4}-[\w-]+\.md)\) \|", read("docs/decisions/README.md"), re.MULTILINE
    )
    assert {name for _number, name in listed} == written
    assert all(name.startswith(number) for number, name in listed)


@pytest.mark.parametrize("name", ["transcript", "accuracy", "speed"])
def test_the_readme_holds_measured_output(name: str) -> None:
    text = read("README.md")
    block = re.search(rf"<!-- {name}:start -->\n(.*?)<!-- {name}:end -->", text, re.DOTALL)
    assert block is not None
    assert "goes here before a release" not in block[1]


def test_the_licence_files_are_there() -> None:
    assert "Version 2.0, January 2004" in read("LICENSE")
    assert "content/geography/LICENSES.md" in read("NOTICE")
    assert "MIT" in read("content/geography/LICENSES.md")


def test_the_changelog_names_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', read("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert re.search(
        rf"^## \[{re.escape(version[1])}\] - \d{{4}}-\d\d-\d\d$", read("CHANGELOG.md"), re.MULTILINE
    )
