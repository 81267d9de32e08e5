"""Walks every kind of feed through every kind of change, and has each version that goes out read by other programs.

    .venv/bin/python -m tests.readers.walk [--judge COMMAND] [--into FOLDER]

It starts a service of its own over the demonstration, on a rehearsal clock. A feed whose bytes a change leaves as they
were is not read again: `=` in the table. Else its cell shows an exit code, 0 where nothing was wrong: that of the six
programs of `python -m tests.readers` and, behind a stroke, that of COMMAND. COMMAND is given the feed's address and,
where these apply, `--public` and `--prev FILE`, the feed as it was before.
"""

import argparse
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.service import fuzzed
from tests.readers.__main__ import install, judged, say, taken
from tests.readers.scene import CHANGES, HERS, Scene

SAME = "="
WIDTH = 32


@dataclass
class Walk:
    """The feeds by name, the bytes of each as they last were, and the exit codes so far, by change and feed."""

    feeds: dict[str, str]
    scratch: Path
    readers: Path
    judge: list[str]
    before: dict[str, bytes] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def look(self, change: str) -> None:
        """Has every feed read that the change altered."""
        self.codes[change] = {name: self._read(name, url) for name, url in self.feeds.items()}

    def _read(self, name: str, url: str) -> str:
        now, before = taken(url), self.before.get(name)
        if now == before:
            return SAME
        self.before[name] = now
        file, earlier = self.scratch / "now.ics", self.scratch / "before.ics"
        file.write_bytes(now)
        own = str(int(not judged(str(file), self.readers, self.scratch)))
        if not self.judge:
            return own
        command = [*self.judge, url, *([] if "/private/" in url else ["--public"])]
        if before is not None:
            earlier.write_bytes(before)
            command += ["--prev", str(earlier)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        say(done.stdout.rstrip())
        return f"{own}/{done.returncode}"

    def table(self) -> str:
        """Changes down, feeds across."""
        names = [f"{chr(ord('A') + number)} = {name}" for number, name in enumerate(self.feeds)]
        head = " " * WIDTH + "".join(f"{name[0]:5}" for name in names)
        rows = [
            f"{change:{WIDTH}}" + "".join(f"{code:5}" for code in codes.values())
            for change, codes in self.codes.items()
        ]
        return "\n".join([*names, "", head, *rows])

    @property
    def fine(self) -> bool:
        return all(set(code) <= set("0/=") for codes in self.codes.values() for code in codes.values())


def feeds(scene: Scene) -> dict[str, str]:
    """The address of every kind of feed, private ones made for whoever may have them."""
    base, meeting = f"{scene.service.base}/calendars", scene.meetings[2]["id"]

    def private(role: str, scope: str, *include: str) -> str:
        session = {} if scope in {"mine", "organisation"} else {"session": "walk"}
        asked = {"scope": scope, "include": [*include], **session}
        return str(scene.do("POST", "/me/feeds", asked, role)["url"])

    return {
        "the programme": f"{base}/programme.ics",
        "the programme, ?body=": f"{base}/programme.ics?body=walked",
        "the programme, ?kind=": f"{base}/programme.ics?kind=briefing",
        "a session": f"{base}/sessions/walk.ics",
        "a session, ?include=deadlines": f"{base}/sessions/walk.ics?include=deadlines",
        "a session, ?item=": f"{base}/sessions/walk.ics?item=2",
        "a meeting": f"{base}/meetings/{meeting}.ics",
        f"private: mine (of {HERS})": private("participant", "mine"),
        "private: mine, with deadlines": private("participant", "mine", "deadlines"),
        "private: an organisation's": private("focal point", "organisation"),
        "private: a session with join links": private("participant", "session"),
        "private: the session, with deadlines": private("participant", "session", "deadlines"),
        "private: the chair's view": private("secretariat", "chair"),
        "private: the chair's view, with deadlines": private("secretariat", "chair", "deadlines"),
    }


def main() -> int:
    """Prints the table; 1 where a cell is not 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.readers.walk", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--judge", type=shlex.split, default=[], metavar="COMMAND", help="another program to ask")
    parser.add_argument("--into", type=Path, default=Path("var/readers"), metavar="FOLDER")
    given = parser.parse_args()
    install(readers := given.into.resolve())
    with tempfile.TemporaryDirectory() as name, fuzzed(f"sqlite:///{name}/walk.db", Path(name)) as service:
        scene = Scene.made(service)
        walk = Walk(feeds(scene), Path(name), readers, given.judge)
        for change, happens in CHANGES.items():
            say(f"\n### {change}")
            happens(scene)
            walk.look(change)
        say(f"\n{walk.table()}")
        for complaint in service.complaints():
            say(complaint)
    return 0 if walk.fine else 1


if __name__ == "__main__":
    sys.exit(main())
