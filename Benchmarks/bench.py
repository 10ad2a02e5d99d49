#!/usr/bin/env python3
"""Measures gradus beside what a user would run instead, and writes the table of docs/benchmarks.md: `make bench`.

    bench.py [--smoke] [--only PART]… [--place FOLDER] [--rounds N] [--clock wall|cpu] [--write]

Both sides of a comparison are run in turn on copies of one repository, in one place: by default a file system in memory, so
that what is compared is work and not the disk's queue. `--place` names another folder; then what fsync costs is part of it.
`--clock cpu` counts the time of processors instead of the time that passed: on a machine with other work, waiting for one is no
cost of a command. `--smoke` runs all of it in tiny sizes and judges nothing but that every promotion arrived.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import cases
import measure
from scene import HERE, Tools

PROJECT = os.path.dirname(HERE)
PARTS = ["loop", "growth", "ledger", "whole", "network", "reconcile", "train", "process", "memory"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--place", default="/dev/shm" if os.path.isdir("/dev/shm") else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def versions(tools):
    def first(*words):
        return tools.run(*words).splitlines()[0].strip()

    peers = tools.run(tools.python, "-c", "import git, ruamel.yaml; print('GitPython', git.__version__ + ', ruamel.yaml', ruamel.yaml.__version__)")
    commit = subprocess.run(["git", "-C", PROJECT, "rev-parse", "--short", "HEAD"], text=True, capture_output=True).stdout.strip()
    return f"{first(tools.gradus, 'version')}, commit {commit}; {first('git', '--version')}; {peers.strip()}; {first('hyperfine', '--version')}"


def table(rows):
    lines = ["| What | Measured | Goal | |", "|---|---|---|---|"]
    for row in rows:
        verdict = "" if row.met is None else "met" if row.met else "**missed**"
        lines.append(f"| {row.what} | {row.measured} | {row.goal} | {verdict} |")
    return "\n".join(lines) + "\n"


def write(text):
    """Between the marks in the page; all else there is written by hand."""
    page = os.path.join(PROJECT, "docs", "benchmarks.md")
    begin, end = "<!-- begin: make bench -->\n", "<!-- end: make bench -->\n"
    with open(page) as file:
        before, rest = file.read().split(begin)
    with open(page, "w") as file:
        file.write(before + begin + text + end + rest.split(end)[1])


def main():
    given = arguments()
    place = tempfile.mkdtemp(prefix="gradus-bench.", dir=given.place)
    release = os.environ.get("GRADUS_BIN_FOLDER", os.path.join(PROJECT, ".build", "release"))
    try:
        floor = os.path.join(place, "floor")
        subprocess.run(["cc", "-O2", "-o", floor, f"{HERE}/monorepo/floor.c", "-lgit2"], check=True)
        loop = os.environ.get("GRADUS_BENCH_LOOP", f"{HERE}/.build/release/promotion-loop")
        tools = Tools(place, os.path.join(release, "gradus"), loop, floor, os.environ.get("GRADUS_BENCH_PYTHON", "/usr/bin/python3"), given.clock)
        size = cases.SMOKE if given.smoke else cases.FULL._replace(rounds=given.rounds)
        head = f"{measure.machine()}; files in {'memory' if place.startswith('/dev/shm') else 'a folder'}; {'processor time' if given.clock == 'cpu' else 'time that passed'}\n\n{versions(tools)}\n\n"
        print(head, end="", flush=True)
        rows = []
        for part in given.only or PARTS:
            for row in getattr(cases, part)(tools, size):
                rows.append(row)
                print(f"{row.what}: {row.measured} ({row.goal})", flush=True)
        print("\n" + table(rows), end="")
        if given.write:
            write(head + table(rows))
        if not given.smoke and any(row.met is False for row in rows):
            print("Some goals are missed.", file=sys.stderr)
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
