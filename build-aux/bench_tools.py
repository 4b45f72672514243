"""What the benches of the window share: programs whose lines are read, folders for them, a server, figures.

Runs of the app and of the empty window alternate, so that what else the machine does meets both. Times of a start
are taken here, from before the program is started to the line that tells the frame: the same clock for both.
"""

import contextlib
import json
import os
import pathlib
import queue
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

repository = pathlib.Path(__file__).resolve().parents[1]
binaries = pathlib.Path(os.environ["REEL_BENCH_BINARIES"])
app = binaries / "gnome-reel"
empty_window = binaries / "examples" / "empty_window"

# Runs of each figure.
RUNS = int(os.environ.get("REEL_BENCH_RUNS", "7"))
# Until a program counts as idle, in seconds.
IDLE_AFTER = 10
# The longest that a program may take to tell what is waited for, in seconds.
PATIENCE = 120

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Program:
    """A program whose lines are read as they come."""

    def __init__(self, command, home, log):
        environment = {
            **os.environ,
            "RUST_LOG": log,
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
        }
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.lines = []
        self.queue = queue.SimpleQueue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.queue.put((time.monotonic(), COLOUR.sub("", line)))
        self.queue.put((time.monotonic(), None))

    def until(self, word):
        """Milliseconds from the start until a line with this word."""
        while True:
            try:
                at, line = self.queue.get(timeout=max(0, self.started + PATIENCE - time.monotonic()))
            except queue.Empty:
                sys.exit(f"bench: {self.process.args[0]} does not say {word!r}:\n{''.join(self.lines[-20:])}")
            if line is None:
                sys.exit(f"bench: {self.process.args[0]} ended before {word!r}:\n{''.join(self.lines[-20:])}")
            self.lines.append(line)
            if word in line:
                return (at - self.started) * 1000

    def rest(self):
        """The lines that came since."""
        while not self.queue.empty():
            line = self.queue.get()[1]
            if line is not None:
                self.lines.append(line)
        return self.lines

    def pss(self):
        """Proportional share of memory, in MiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(timeout=5)


class Homes:
    """Folders for the app: prepared once, copied for each run that writes."""

    def __init__(self, root):
        self.root = root
        self.count = 0

    def new(self, like=None):
        self.count += 1
        home = self.root / f"home-{self.count}"
        if like:
            shutil.copytree(like, home)
        else:
            home.mkdir()
        return home


def command_line(home, *arguments, given=None):
    environment = {**os.environ, "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache"), "RUST_LOG": "error"}
    done = subprocess.run([app, *arguments], env=environment, input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: gnome-reel {' '.join(arguments[:2])} failed:\n{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def server(root, films, *more):
    """A Plex Media Server with many films; tells how to reach it."""
    ready = root / "ready.json"
    log = (root / "testbed.log").open("w")
    command = [binaries / "reel-testbed", "serve", "plex", "--films", str(films), "--series", "0", *more, "--ready-file", ready]
    process = subprocess.Popen(command, stderr=log, stdout=log, env={**os.environ, "RUST_LOG": "warn"})
    try:
        until = time.monotonic() + PATIENCE
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"bench: the server did not start:\n{(root / 'testbed.log').read_text()}")
            time.sleep(0.1)
        yield json.loads(ready.read_text())
    finally:
        process.terminate()
        process.wait()
        log.close()


def start(command, home, word="first_frame"):
    with Program(command, home, "gnome_reel::startup=info") as program:
        return program.until(word)


def idle(command, home):
    with Program(command, home, "gnome_reel::startup=info") as program:
        program.until("first_frame")
        time.sleep(IDLE_AFTER)
        return program.pss()


class Figures:
    """What was measured."""

    def __init__(self):
        self.rows = []

    def add(self, name, unit, runs, *, limit_runs=None, factor=None, most=None, least=None):
        value = statistics.median(runs)
        limit = statistics.median(limit_runs) if limit_runs else None
        ratio = value / limit if limit else None
        good, target = True, "-"
        if factor:
            good, target = ratio <= factor, f"<={factor}x"
        elif most is not None:
            good, target = value <= most, f"<={most}"
        elif least is not None:
            good, target = value >= least, f">={least}"
        row = {"name": name, "value": value, "unit": unit, "limit": limit, "ratio": ratio, "target": target}
        self.rows.append({**row, "ok": good, "runs": runs, "limit_runs": limit_runs or []})
        words = [name, f"{value:.1f}", unit, "-" if limit is None else f"{limit:.1f}", "-" if ratio is None else f"{ratio:.2f}"]
        print(*words, target, "ok" if good else "short", flush=True)

    def short(self):
        return any(not row["ok"] for row in self.rows)


def pairs(measure, *what):
    """Alternating runs of each: one list of results for each."""
    results = [[] for _ in what]
    for _ in range(RUNS):
        for arguments, result in zip(what, results, strict=True):
            result.append(measure(*arguments))
    return results


def run(measure):
    """Measures with a folder that is removed at the end, and writes what came of it to the file that was asked for."""
    schemas = pathlib.Path(tempfile.mkdtemp(prefix="reel-bench-schemas."))
    root = pathlib.Path(tempfile.mkdtemp(prefix="reel-bench."))
    figures = Figures()
    try:
        subprocess.run(["glib-compile-schemas", "--strict", f"--targetdir={schemas}", repository / "data"], check=True)
        os.environ["GSETTINGS_SCHEMA_DIR"] = str(schemas)
        measure(root, figures)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(schemas, ignore_errors=True)
    pathlib.Path(sys.argv[1]).write_text(json.dumps(figures.rows, indent=1) + "\n", encoding="utf-8")
    return 1 if figures.short() else 0
