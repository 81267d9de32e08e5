import json
import re
import tomllib

import pytest
import pytz
import tzdata

from tests.architecture.sizes import TOP

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-setup.lock", "requirements-npm.lock"]
REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)( ; [^\\]+)?(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)


def requirements(lock: str) -> list[str]:
    """A requirement a line, its hashes behind it."""
    joined = re.sub(r" *\\\n *", " ", (TOP / lock).read_text())
    return [line for line in joined.splitlines() if line]


def versions(lock: str) -> dict[str, str]:
    found = [REQUIREMENT.fullmatch(line) for line in requirements(lock)]
    return {match["name"]: match["version"] for match in found if match}


def names(declared: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", each, maxsplit=1)[0] for each in declared}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_nothing_but_hashed_versions(lock: str) -> None:
    other = [line for line in requirements(lock) if not REQUIREMENT.fullmatch(line)]

    assert other == []


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json"])
def test_lock_names_no_address(lock: str) -> None:
    assert re.findall(r".*(?:://|--(?:extra-)?index-url|--find-links).*", (TOP / lock).read_text()) == []


def test_locks_agree_on_every_version() -> None:
    everything = versions("requirements-dev.lock")

    assert {**everything, **versions("requirements.lock"), **versions("requirements-setup.lock")} == everything


def test_locks_hold_what_the_project_declares() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    development = [each for each in project["dependency-groups"]["dev"] if isinstance(each, str)]

    assert names(project["project"]["dependencies"]) - versions("requirements.lock").keys() == set()
    assert names(development) - versions("requirements-dev.lock").keys() == set()
    assert names(project["dependency-groups"]["setup"]) - versions("requirements-setup.lock").keys() == set()


def test_judge_of_the_zones_has_the_same_release_of_the_data() -> None:
    release: str = pytz.OLSON_VERSION  # type: ignore[attr-defined]  # -- the stubs lack it

    assert release == tzdata.IANA_VERSION


def test_lock_of_the_front_end_has_a_hash_and_no_address_for_every_part() -> None:
    packages = json.loads((TOP / "package-lock.json").read_text())["packages"]
    package = json.loads((TOP / "package.json").read_text())
    declared = package["dependencies"] | package["devDependencies"]
    parts = {name.removeprefix("node_modules/"): said for name, said in packages.items() if name}

    # It would tell whoever made swagger-ui of each set-up, by a script that `.npmrc` lets nobody run.
    assert parts.pop("@scarf/scarf")["version"] == parts["swagger-ui-dist"]["dependencies"]["@scarf/scarf"].strip("=")
    assert {name: said["version"] for name, said in parts.items()} == declared
    assert [name for name, said in parts.items() if not said["integrity"].startswith("sha512-")] == []
    assert [name for name, said in parts.items() if "resolved" in said] == []


def test_nothing_of_others_is_committed() -> None:
    ignored = (TOP / ".gitignore").read_text().splitlines()

    assert {"/node_modules/", "/api/pages/static/parts/", "/tests/browser/parts/"} <= set(ignored)
