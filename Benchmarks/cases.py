"""What is measured: each function gives the rows of one part."""
import collections
import os
import re
import shutil
import socket
import subprocess
import time

import measure
from scene import HERE, clone, copy, group, monorepo, service

Row = collections.namedtuple("Row", "what measured goal met")
Size = collections.namedtuple("Size", "rounds chunk small large folder wide records commits idle promotions")

FULL = Size(9, 50, 1_000, 10_000, 1_000, 10_000, [1, 10_000, 200_000], [1, 10_000, 100_000], 1_000, 10_000)
SMOKE = Size(1, 2, 6, 12, 6, 12, [1, 40], [1, 20], 2, 12)


def register(tools, repository, count, version, first=0):
    """Records that the versions exist; by the command line where the loop is not built."""
    if os.path.exists(tools.loop):
        tools.run(tools.loop, "register", repository, first, count, version)
        return
    for number in range(first, first + count):
        tools.run(tools.gradus, "release", "create", service(number), version, "--repo", repository)


def through(tools, repository, count, version, stages=("dev", "qa", "staging", "prod")):
    """Promotes through all stages, or through the first one."""
    if os.path.exists(tools.loop):
        tools.run(tools.loop, "through" if len(stages) > 1 else "promote", repository, 0, count, version)
        return
    for stage in stages:
        for number in range(count):
            tools.run(tools.gradus, "promote", service(number), "--to", stage, "--version", version, "--repo", repository)


def fleet(tools, size, repository, name, version, count=None):
    """Copies to promote in: one for the engine, in which the version is registered, one for the floor."""
    ours = copy(tools, repository, f"{name}-ours")
    register(tools, ours, count or size.small, version)
    return ours, copy(tools, repository, f"{name}-floor")


def pair(tools, size, ours, theirs, version, rounds=None):
    """Milliseconds and ratio of the engine's promotion to the floor's."""
    chunk = min(size.chunk, size.small // (rounds or size.rounds))
    medians, ratios = measure.loops(
        tools, rounds or size.rounds, chunk, 0,
        ours=lambda first, count: tools.timings(tools.loop, "promote", ours, first, count, version),
        floor=lambda first, count: tools.timings(tools.floor, theirs, first, count))
    return medians, ratios["ours"]


def loop(tools, size):
    ours, theirs = fleet(tools, size, monorepo(tools, "small", size.small, size.folder), "loop", "1.0.1")
    medians, ratio = pair(tools, size, ours, theirs, "1.0.1")
    what = f"promotion in one process, {size.small * 12:,} files"
    yield Row(what, f"{medians['ours']:.1f} ms, {ratio:.2f} × the floor ({medians['floor']:.1f} ms)", "at most 2 × the floor", ratio <= 2)


def growth(tools, size):
    """How the cost grows with the repository: the pairs are of sizes, not of programs."""
    base = monorepo(tools, "small", size.small, size.folder)
    for name, folder, label in [("large", size.folder, "equal folders"), ("wide", size.wide, f"folders of {size.wide:,}")]:
        big = monorepo(tools, name, size.large, folder)
        small_ours, small_floor = fleet(tools, size, base, "growth-small", "1.0.1")
        big_ours, big_floor = fleet(tools, size, big, "growth-big", "1.0.1")
        chunk = min(size.chunk, size.small // size.rounds)
        medians, ratios = measure.loops(
            tools, size.rounds, chunk, 0,
            big=lambda first, count: tools.timings(tools.loop, "promote", big_ours, first, count, "1.0.1"),
            small=lambda first, count: tools.timings(tools.loop, "promote", small_ours, first, count, "1.0.1"))
        floors, floor_ratios = measure.loops(
            tools, size.rounds, chunk, 0,
            big=lambda first, count: tools.timings(tools.floor, big_floor, first, count),
            small=lambda first, count: tools.timings(tools.floor, small_floor, first, count))
        ratio = ratios["big"]
        what = f"{size.large * 12:,} files beside {size.small * 12:,}, {label}"
        if name == "large":
            yield Row(what, f"{ratio:.2f} × ({medians['big']:.1f} ms)", "at most 1.5 ×", ratio <= 1.5)
        else:
            allowed = 1.5 * floor_ratios["big"]
            yield Row(what, f"{ratio:.2f} × ({medians['big']:.1f} ms); the floor {floor_ratios['big']:.2f} ×", f"at most {allowed:.1f} ×", ratio <= allowed)
    for commits in size.commits[1:]:
        long = monorepo(tools, f"history-{commits}", size.small, size.folder, commits)
        ours, _ = fleet(tools, size, base, "growth-small", "1.0.1")
        old, _ = fleet(tools, size, long, "growth-long", "1.0.1")
        medians, ratios = measure.loops(
            tools, size.rounds, min(size.chunk, size.small // size.rounds), 0,
            long=lambda first, count: tools.timings(tools.loop, "promote", old, first, count, "1.0.1"),
            short=lambda first, count: tools.timings(tools.loop, "promote", ours, first, count, "1.0.1"))
        yield Row(f"a history of {commits:,} commits beside one of 1", f"{ratios['long']:.2f} × ({medians['long']:.1f} ms)", "none; told", None)


def ledger(tools, size):
    base = monorepo(tools, "small", size.small, size.folder)
    for records in size.records[1:]:
        grown = copy(tools, base, "ledger-grown")
        tools.run(tools.loop, "grow", grown, records, size.small)
        tools.run("git", "-C", grown, "gc", "-q")
        register(tools, grown, size.small, "9.0.1")
        ours = copy(tools, base, "ledger-short")
        register(tools, ours, size.small, "9.0.1")
        tools.run("git", "-C", ours, "gc", "-q")
        medians, ratios = measure.loops(
            tools, size.rounds, min(size.chunk, size.small // size.rounds), 0,
            long=lambda first, count: tools.timings(tools.loop, "promote", grown, first, count, "9.0.1"),
            short=lambda first, count: tools.timings(tools.loop, "promote", ours, first, count, "9.0.1"))
        ratio = ratios["long"]
        is_last = records == size.records[-1]
        yield Row(
            f"a ledger of {records:,} records beside a new one", f"{ratio:.2f} × ({medians['long']:.1f} ms)", "at most 1.2 ×",
            ratio <= 1.2 if is_last else None)


def whole(tools, size):
    """Whole commands beside the ways that people have without gradus, on one machine and one disk."""
    sizes = [(size.small, size.folder, "small"), (size.large, size.folder, "large")]
    for files, folder, name in sizes if size.rounds > 1 else sizes[:1]:
        base = monorepo(tools, name, files, folder)
        ours = copy(tools, base, "whole-ours")
        register(tools, ours, size.small, "1.0.1")
        work = clone(tools, ours, "whole-work")
        script = clone(tools, copy(tools, base, "whole-script"), "whole-script-work")
        shallow = copy(tools, base, "whole-shallow")
        python = clone(tools, copy(tools, base, "whole-python"), "whole-python-work")
        durable = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsync", "GIT_CONFIG_VALUE_0": "all"}

        def place(number):
            return group(number, folder), service(number)

        medians, ratios = measure.commands(tools, size.rounds, {
            "gradus": lambda n: ([tools.gradus, "promote", service(n), "--to", "dev", "--version", "1.0.1", "--repo", work], {}),
            "script": lambda n: ([f"{HERE}/peers/promote.sh", script, *place(2 * n), "1.0.1"], {}),
            "durable script": lambda n: ([f"{HERE}/peers/promote.sh", script, *place(2 * n + 1), "1.0.1"], durable),
            "shallow": lambda n: ([f"{HERE}/peers/shallow.sh", f"file://{shallow}", tools.path("shallow-work"), *place(n), "1.0.1"], {}),
            "python": lambda n: ([tools.python, f"{HERE}/peers/promote.py", python, *place(n), "1.0.1"], {}),
        })
        check(tools, ours, size.rounds, folder)
        label = f"{files * 12:,} files"
        goal = files == size.small
        yield Row(f"`gradus promote`, {label}", f"{medians['gradus']:.0f} ms", "", None)
        yield Row(f"(a) git and sed in a clone, {label}", f"{ratios['script']:.1f} × as long ({medians['script']:.0f} ms)", "at least 8 ×", ratios["script"] >= 8 if goal else None)
        yield Row(f"(a) with gradus's durability (`core.fsync=all`), {label}", f"{ratios['durable script']:.1f} × ({medians['durable script']:.0f} ms)", "", None)
        yield Row(f"(b) clone --depth 1, edit, push, {label}", f"{ratios['shallow']:.1f} × ({medians['shallow']:.0f} ms)", "", None)
        yield Row(f"(c) GitPython and ruamel.yaml, {label}", f"{ratios['python']:.1f} × ({medians['python']:.0f} ms)", "at least 30 ×", ratios["python"] >= 30 if goal else None)


def check(tools, repository, count, folder):
    """A promotion that did not arrive is no measurement."""
    for number in range(1, count + 1):
        path = f"environments/dev/{group(number, folder)}/{service(number)}/kustomization.yaml"
        if '"1.0.1"' not in tools.run("git", "-C", repository, "show", f"main:{path}"):
            raise SystemExit(f"bench: {service(number)} was not promoted")


def network(tools, size):
    """Over git://: what a push costs, beside `git push` of the same kind of commit."""
    base = monorepo(tools, "small", size.small, size.folder)
    root = tools.path("served")
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    for name in ["ours", "script"]:
        shutil.copytree(base, f"{root}/{name}.git")
    register(tools, f"{root}/ours.git", size.small, "1.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    daemon = subprocess.Popen(
        ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}", f"--base-path={root}", "--export-all", "--enable=receive-pack", root],
        env=tools.environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        url = f"git://127.0.0.1:{port}"
        work = clone(tools, f"{url}/script.git", "network-work")
        medians, ratios = measure.commands(tools, size.rounds, {
            "gradus": lambda n: ([tools.gradus, "promote", service(n), "--to", "dev", "--version", "1.0.1", "--repo", f"{url}/ours.git"], {}),
            "script": lambda n: ([f"{HERE}/peers/promote.sh", work, group(n, size.folder), service(n), "1.0.1"], {}),
        })
        yield Row(
            "the same over git://: git and sed in a clone", f"{ratios['script']:.1f} × gradus ({medians['script']:.0f} ms to {medians['gradus']:.0f} ms)",
            "none; told", None)
    finally:
        daemon.terminate()
        daemon.wait()


def reconcile(tools, size):
    repository = copy(tools, monorepo(tools, "small", size.small, size.folder), "idle")
    register(tools, repository, size.idle, "1.0.1")
    through(tools, repository, size.idle, "1.0.1")
    tools.run("git", "-C", repository, "gc", "-q")
    words = [tools.gradus, "reconcile", "--repo", repository]
    start = time.monotonic()
    tools.run(*words)
    first = (time.monotonic() - start) * 1000
    if "Nothing to carry on" not in tools.run(*words):
        raise SystemExit("bench: reconcile found something to do")
    taken = measure.repeated(tools, max(3, size.rounds), words)
    yield Row(f"`reconcile` with nothing to do, {size.idle * 4:,} cells", f"{taken:.0f} ms (the first one {first:.0f} ms)", "under 200 ms", taken < 200)


def train(tools, size):
    """All services of a fleet in one commit, beside promotions of one service in the same repository."""
    repository = copy(tools, monorepo(tools, "small", size.small, size.folder), "train")
    register(tools, repository, size.small, "1.0.1")
    through(tools, repository, size.small, "1.0.1", ["dev"])
    tools.run("git", "-C", repository, "gc", "-q")
    singles = min(9, size.small)
    register(tools, repository, singles, "1.0.2")
    times = []
    for number in range(singles):
        times.append(measure.peak_memory(tools, tools.gradus, "promote", service(number), "--to", "dev", "--version", "1.0.2", "--repo", repository)[1])
    before = int(tools.run("git", "-C", repository, "rev-list", "--count", "main"))
    memory, taken = measure.peak_memory(tools, tools.gradus, "train", "run", "--from", "dev", "--to", "qa", "--repo", repository)
    commits = int(tools.run("git", "-C", repository, "rev-list", "--count", "main")) - before
    for number in (0, size.small - 1):
        path = f"environments/qa/{group(number, size.folder)}/{service(number)}/kustomization.yaml"
        if '"1.0.0"' in tools.run("git", "-C", repository, "show", f"main:{path}"):
            raise SystemExit(f"bench: the train left {service(number)} behind")
    single = measure.median(times)
    yield Row(
        f"a train of {size.small:,} services, whole command, one run",
        f"{commits} commit, {taken / 1000:.2f} s, {memory:.0f} MiB; {taken / single:.1f} × a single promotion there ({single:.0f} ms)",
        "one commit, under 100 ×, under 150 MiB", commits == 1 and taken < 100 * single and memory < 150)


def process(tools, size):
    taken = measure.repeated(tools, 5 if size.idle < 10 else 50, [tools.gradus, "version"])
    yield Row("`gradus version`", f"{taken:.1f} ms", "under 15 ms", taken < 15)
    stripped = tools.path("gradus-stripped")
    tools.run("strip", "-o", stripped, tools.gradus)
    dynamic = tools.run("readelf", "-d", stripped)
    needs = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    yield Row("the binary, stripped", f"{os.path.getsize(stripped) / (1 << 20):.1f} MiB; needs {', '.join(needs)}", "listed", None)


def memory(tools, size):
    repository = copy(tools, monorepo(tools, "small", size.small, size.folder), "memory")
    services = min(500, size.small)
    for number in range(size.promotions // services):
        register(tools, repository, services, f"{number}.1.0")
    lines = tools.run(tools.loop, "memory", repository, 0, size.promotions, "1.0", services).splitlines()
    found = [(int(line.split()[0]), int(line.split()[2]) / 1024, int(line.split()[4])) for line in lines]
    early, last = found[min(1, len(found) - 1)], found[-1]
    grown = last[1] / early[1]
    yield Row(
        f"{last[0]:,} promotions in one process", f"{last[1]:.0f} MiB after {early[1]:.0f} MiB at {early[0]:,}; {last[2]} libgit2 objects",
        "flat, none left over", grown < 1.15 and last[2] <= early[2])
