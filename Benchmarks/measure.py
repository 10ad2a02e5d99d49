"""Pairs in one run: what is compared is run in turn, so that a machine that drifts drifts for both."""
import json
import os
import statistics
import subprocess
import time


def median(values):
    return statistics.median(values)


def loops(tools, rounds, chunk, start, **runs):
    """Runs loops in turn. `runs`: name -> function (first, count) -> microseconds of each step.

    Gives the median of each in milliseconds, and the median of the rounds' ratios to the last one named.
    """
    names = list(runs)
    steps = {name: [] for name in names}
    ratios = {name: [] for name in names}
    for number in range(rounds):
        first = start + number * chunk
        # The order changes from round to round, so that nobody always comes after the same one.
        order = names if number % 2 == 0 else names[::-1]
        found = {name: runs[name](first, chunk) for name in order}
        for name in names:
            steps[name] += found[name]
            ratios[name].append(median(found[name]) / median(found[names[-1]]))
    return {name: median(steps[name]) / 1000 for name in names}, {name: median(ratios[name]) for name in names}


def commands(tools, rounds, runs):
    """Whole commands by hyperfine, one run of each in turn.

    `runs`: name -> function (round) -> (words, more environment). Gives the median in milliseconds and the median ratio to
    the first one named.
    """
    times = {name: [] for name in runs}
    out = tools.path("hyperfine.json")
    first = next(iter(runs))
    for number in range(rounds + 1):
        for name, command in runs.items():
            words, more = command(number)
            line = " ".join(quoted(str(word)) for word in words)
            tools.run("hyperfine", "-N", "--runs", 1, "--style", "none", "--export-json", out, line, more=more)
            taken = result(tools, out)
            # The first round warms the caches and is not counted.
            if number > 0:
                times[name].append(taken)
    ratios = {name: median(t / g for t, g in zip(times[name], times[first])) for name in runs}
    return {name: median(times[name]) for name in runs}, ratios


def result(tools, file):
    """Milliseconds: those that passed, or those of the processor, the commands that were started included."""
    with open(file) as text:
        found = json.load(text)["results"][0]
    return (found["user"] + found["system"] if tools.clock == "cpu" else found["median"]) * 1000


def quoted(word):
    return "'" + word.replace("'", "'\\''") + "'"


def repeated(tools, runs, words):
    """The median of one command in milliseconds."""
    out = tools.path("hyperfine.json")
    line = " ".join(quoted(str(word)) for word in words)
    tools.run("hyperfine", "-N", "--warmup", 3, "--runs", runs, "--style", "none", "--export-json", out, line)
    return result(tools, out)


def peak_memory(tools, *words):
    """The resident memory of one command at its highest, in MiB, and its milliseconds."""
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in words], env=tools.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"bench: {' '.join(map(str, words))}: exit {process.returncode}\n{errors.decode()[-800:]}")
    return usage.ru_maxrss / 1024, (time.monotonic() - start) * 1000


def machine():
    """One line about where the figures are from."""
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) // (1 << 20)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{len(models)} × {models[0] if models else 'CPU'}, {memory + 1} GiB, Linux {os.uname().release}, load {load}"
