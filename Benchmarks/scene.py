"""The repositories that the benchmarks work on, made once and copied for each measurement."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


class Tools:
    """The programs that are measured, and where they work."""

    def __init__(self, place, gradus, loop, floor, python, clock):
        self.clock = clock
        self.place, self.gradus, self.loop, self.floor, self.python = place, gradus, loop, floor, python
        home = os.path.join(place, "home")
        os.makedirs(home, exist_ok=True)
        config = os.path.join(home, "gitconfig")
        with open(config, "w") as file:
            file.write("[user]\n\tname = Bench\n\temail = bench@example.com\n[init]\n\tdefaultBranch = main\n"
                       "[protocol \"file\"]\n\tallow = always\n[gc]\n\tauto = 0\n[advice]\n\tdetachedHead = false\n")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": home, "XDG_CACHE_HOME": os.path.join(place, "cache"), "LANG": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": config, "GIT_CONFIG_SYSTEM": "/dev/null", "GRADUS_ACTOR": "bench", "TZ": "UTC",
        }

    def path(self, name):
        return os.path.join(self.place, name)

    def run(self, *command, more={}):
        """What the command prints. Stops the benchmark when it fails: a failed command is no measurement."""
        words = [str(word) for word in command]
        done = subprocess.run(words, env={**self.environment, **more}, stdin=subprocess.DEVNULL, text=True, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: {' '.join(words)}: exit {done.returncode}\n{done.stderr.strip()[-800:]}")
        return done.stdout

    def timings(self, *command):
        """The microseconds that a loop prints, by the clock that was asked for."""
        column = 1 if self.clock == "cpu" else 0
        return [int(line.split()[column]) for line in self.run(*command).splitlines()]


def monorepo(tools, name, services, folder, commits=1):
    """A bare repository; `folder` services share a folder. Made once a run."""
    path = tools.path(f"{name}.git")
    if not os.path.exists(path):
        tools.run("python3", f"{HERE}/monorepo/generate.py", path, "--services", services, "--folder", folder, "--commits", commits)
    return path


def copy(tools, repository, name):
    """A copy that may be written to; an older one of that name is dropped."""
    path = tools.path(f"{name}.git")
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(repository, path)
    return path


def clone(tools, repository, name):
    path = tools.path(name)
    shutil.rmtree(path, ignore_errors=True)
    tools.run("git", "clone", "-q", repository, path)
    return path


def service(number):
    return f"svc-{number:05}"


def group(number, folder):
    return f"g{number // folder:03}"
