"""Play whole meetings at speed from a seeded model of speakers, and hold what the forecast said against what came.

Beside it stands an oracle that knows the model's parameters, and three plain rivals: the printed plan, the plan shifted
by the delay at the last call, and the plan at the meeting's pace so far. The forecast knows nothing of the model.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from api.cli.shell import Failed
from scheduler.simulation.judging import Account, Accounts, Sums
from scheduler.simulation.kinds import KINDS
from scheduler.simulation.paper import document
from scheduler.simulation.trial import ALL, GROUPS, Effort, meeting, trial

_HEAD = f"""
{"":29}{"inside the window of 80 %":^31}{"beside the oracle":^24}{"error beside the rivals":^26}
{"":20}{"calls":>9}{"share":>9}{"doubt":>7}{"oracle":>8}{"early":>7}{"width":>8}{"score":>8}{"error":>8}\
{"plan":>9}{"shifted":>9}{"paced":>8}{"width, s":>11}
"""
_LEGEND = """
share: calls that came inside the window; doubt: its standard error, by meeting; early: calls before the window.
width, score (Winkler's interval score), error (of the median): the forecast's mean divided by the oracle's; beside the
rivals: its error divided by that of the printed plan, of the plan shifted by the last call's delay, of the plan at the
meeting's pace so far.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    number = partial(_number, least=1)
    parser.add_argument("--kinds", default="all", help=f"a comma list of {', '.join(KINDS)} (all)")
    parser.add_argument("--meetings", type=number, default=25, help="how many of each kind (25)")
    parser.add_argument("--seed", default="1", help="another one makes other meetings (1)")
    parser.add_argument("--moments", type=number, default=8, help="judged in each meeting, drawn by lot (8)")
    parser.add_argument("--draws", type=partial(_number, least=20), default=100, help="of the oracle a moment (100)")
    parser.add_argument("--processes", type=number, default=os.cpu_count() or 1, help="at once (one a processor)")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the records there, and judge nothing")


def run(given: argparse.Namespace) -> None:
    """Prints a table; progress goes to stderr.

    Raises:
        Failed: there is no such kind, or a record cannot be written.
    """
    kinds = _kinds(given.kinds)
    if given.write is not None:
        _write(given.write, kinds, given.meetings, given.seed)
        return
    jobs = [(kind, number) for number in range(given.meetings) for kind in kinds]
    effort = Effort(given.moments, given.draws)
    pooled, by_kind = Accounts(), {kind: Accounts() for kind in kinds}
    for at, (kind, sums) in enumerate(_trials(jobs, given.seed, effort, given.processes), 1):
        pooled.add(sums)
        by_kind[kind].add(sums)
        _progress(at, len(jobs))
    _print(pooled, by_kind, given)


def _number(text: str, *, least: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {_MOST}")
    return int(text)


_MOST = 1_000_000


def _kinds(given: str) -> list[str]:
    chosen = list(KINDS) if given == "all" else list(dict.fromkeys(given.split(",")))
    unknown = [kind for kind in chosen if kind not in KINDS]
    if unknown:
        raise Failed(f"There is no kind {unknown[0]!r} of meeting: {', '.join(KINDS)}.", 2)
    return chosen


def _write(folder: Path, kinds: Iterable[str], meetings: int, seed: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in kinds:
            for number in range(meetings):
                text = json.dumps(document(meeting(kind, seed, number).record), separators=(",", ":"))
                (folder / f"{kind}-{number + 1:04}.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Failed(f"{folder} cannot be written to: {error.strerror}.") from error


def _trials(
    jobs: list[tuple[str, int]], seed: str, effort: Effort, processes: int
) -> Iterator[tuple[str, dict[str, Sums]]]:
    """In the jobs' order, whatever the number of processes, so that the sums are the same to the last digit."""
    one = partial(_trial, seed=seed, effort=effort)
    if processes == 1:
        yield from map(one, jobs)
        return
    with Pool(processes, initializer=_leave_interrupts_to_the_parent) as pool:
        yield from pool.imap(one, jobs, chunksize=4)


def _trial(job: tuple[str, int], *, seed: str, effort: Effort) -> tuple[str, dict[str, Sums]]:
    return job[0], trial(job[0], seed, job[1], effort)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _progress(done: int, of: int) -> None:
    if done % 50 == 0 or done == of:
        print(f"{done:,} of {of:,} meetings", file=sys.stderr, flush=True)


def _print(pooled: Accounts, by_kind: dict[str, Accounts], given: argparse.Namespace) -> None:
    number = given.meetings * len(by_kind)
    print(f"{number:,} meetings, {given.meetings} of each kind, seed {given.seed}; at {given.moments} moments of each,")
    print(f"drawn by lot, all who waited were judged; the oracle played on {given.draws} times from each.\n")
    print("\n".join(line.rstrip() for line in _HEAD.strip("\n").splitlines()))
    for group in GROUPS:
        if group in pooled.of:
            print(_row(group, pooled.of[group]))
    for title, group in (("all turns", ALL), ("before anyone has spoken", GROUPS[-2])):
        print(f"\nby kind, {title}")
        for kind, accounts in by_kind.items():
            if group in accounts.of:
                print(_row(kind, accounts.of[group]))
    print(_LEGEND.rstrip())


def _row(name: str, account: Account) -> str:
    sums, calls = account.sums, account.sums.calls
    shares = (account.inside, account.doubt, sums.oracle_inside / calls, sums.before / calls)
    errors = (sums.oracle_error, sums.plan_error, sums.shifted_error, sums.paced_error)
    ratios = [_ratio(sums.width, sums.oracle_width), _ratio(sums.score, sums.oracle_score)]
    ratios += [_ratio(sums.error, other) for other in errors]
    return (
        f"{name:20}{calls:9,}"
        + "".join(f"{share:{width}.1%}" for share, width in zip(shares, (9, 7, 8, 7), strict=True))
        + "".join(f"{ratio:>{width}}" for ratio, width in zip(ratios, (8, 8, 8, 9, 9, 8), strict=True))
        + f"{sums.width / calls:11,.0f}"
    )


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.2f}" if theirs else "-"
