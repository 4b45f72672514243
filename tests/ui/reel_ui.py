"""Drives the app as a screen reader does: finds its controls by their accessible names and uses them.

Runs inside `build-aux/session`, which gives the display, the accessibility bus and empty folders. A test makes
one `Reel`, which starts the program, and calls `click`, `type_into`, `wait_for`. Names are the English ones of
the untranslated app. When something is not there in time, `NotThere` says what was looked for; `Reel` as a
context manager then keeps a picture of the screen and the tree of controls beside the log.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
BINARIES = pathlib.Path(os.environ.get("REEL_UI_BINARIES", TARGET / "debug"))
RESULTS = TARGET / "ui"

# Seconds between two looks at the tree, and how long something may take to appear.
PAUSE = 0.15
PATIENCE = 20

# Pixels around a window in which GTK draws its frame when nobody else does.
FRAME = 5

# How a control can be used, best first. GTK and libadwaita give these names.
ACTIONS = ("click", "activate", "press", "toggle", "jump")


class NotThere(AssertionError):
    """What was looked for did not appear in time."""


def wait_until(what, condition, timeout=PATIENCE):
    """Asks `condition` until its answer is true, and returns that answer."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise NotThere(f"{what}: not within {timeout} s")
        time.sleep(PAUSE)


class Node:
    """One control, as assistive technology sees it."""

    def __init__(self, accessible):
        self.accessible = accessible

    def _ask(self, question, otherwise):
        # A control can vanish between two questions: then it has no name, no state and no children.
        try:
            return question(self.accessible)
        except GLib.Error:
            return otherwise

    @property
    def name(self):
        return self._ask(lambda a: a.get_name() or "", "")

    @property
    def role(self):
        return self._ask(lambda a: a.get_role_name(), "")

    @property
    def description(self):
        return self._ask(lambda a: a.get_description() or "", "")

    def has(self, state):
        return self._ask(lambda a: a.get_state_set().contains(state), False)

    @property
    def showing(self):
        return self.has(Atspi.StateType.SHOWING)

    @property
    def usable(self):
        return self.showing and self.has(Atspi.StateType.SENSITIVE)

    @property
    def focused(self):
        return self.has(Atspi.StateType.FOCUSED)

    @property
    def editable(self):
        return self._ask(lambda a: a.get_editable_text_iface(), None) is not None

    @property
    def children(self):
        count = self._ask(lambda a: a.get_child_count(), 0)
        found = (self._ask(lambda a, i=i: a.get_child_at_index(i), None) for i in range(count))
        return [Node(child) for child in found if child is not None]

    def forget(self):
        """Lets the next questions about this control and what is in it reach the app, not a remembered answer."""
        self._ask(lambda a: a.clear_cache(), None)

    def walk(self, depth=0):
        """This control and everything in it, with its depth, in reading order."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    @property
    def text(self):
        def read(accessible):
            text = accessible.get_text_iface()
            return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) if text else ""

        return self._ask(read, "")

    @property
    def value(self):
        """The number a slider, progress bar or spin button stands at."""

        def read(accessible):
            accessible.clear_cache_single()
            value = accessible.get_value_iface()
            return Atspi.Value.get_current_value(value) if value else None

        return self._ask(read, None)

    @property
    def label(self):
        """The text of what labels it: GTK names the items of a menu so, and in no other way."""

        def read(accessible):
            for relation in accessible.get_relation_set():
                if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
                    text = relation.get_target(0).get_text_iface()
                    return Atspi.Text.get_text(text, 0, -1) if text else ""
            return ""

        return self._ask(read, "")

    def act(self):
        """Uses the control through its own action; whether it has one."""

        def use(accessible):
            action = accessible.get_action_iface()
            if not action:
                return False
            names = [Atspi.Action.get_action_name(action, i) for i in range(Atspi.Action.get_n_actions(action))]
            for name in ACTIONS:
                if name in names:
                    return Atspi.Action.do_action(action, names.index(name))
            return False

        return self._ask(use, False)

    @property
    def box(self):
        """Left and right edge in the window, in pixels."""

        def read(accessible):
            component = accessible.get_component_iface()
            if not component:
                return None
            box = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
            return (box.x, box.x + box.width) if box.width > 0 else None

        return self._ask(read, None)

    @property
    def centre(self):
        """The middle of the control in the window, in pixels."""

        def read(accessible):
            component = accessible.get_component_iface()
            if not component:
                return None
            box = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
            return (box.x + box.width // 2, box.y + box.height // 2) if box.width > 0 else None

        return self._ask(read, None)

    def __str__(self):
        return f"{self.role} {self.name!r}"


class Reel:
    """The running app."""

    def __init__(self, test, arguments=(), environment=None, size=None):
        RESULTS.mkdir(parents=True, exist_ok=True)
        self.test = test
        self.log_path = RESULTS / f"{test}.log"
        self._log = open(self.log_path, "wb")
        self._window = None
        self.size = size
        self.process = subprocess.Popen(
            [BINARIES / "gnome-reel", *arguments],
            env=os.environ | _environment() | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.root = None

    def __enter__(self):
        try:
            self.root = wait_until("the app on the accessibility bus", self._find_root)
        except NotThere:
            self._keep_evidence()
            self.stop()
            raise
        self._place_window()
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self._keep_evidence()
        self.stop()

    def _find_root(self):
        self._must_run()
        desktop = Node(Atspi.get_desktop(0))
        desktop.forget()
        for app in desktop.children:
            if app._ask(lambda a: a.get_process_id(), 0) == self.process.pid and app.children:
                return app
        return None

    def _must_run(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the app ended with status {self.process.returncode}; its log: {self.log_path}")

    def _place_window(self):
        """Puts the window where its own coordinates are the screen's: there is no window manager to do it."""
        pid = str(self.process.pid)

        def window():
            found = _xdotool("search", "--onlyvisible", "--pid", pid).split()
            return found[-1] if found else None

        self._window = wait_until("the window on the screen", window)
        if self.size:
            self._fill(*self.size)
        else:
            _xdotool("windowmove", self._window, "0", "0")
        _xdotool("windowfocus", self._window)

    def _fill(self, width, height):
        """Makes the window's content this large, with the frame that GTK draws itself outside of the screen."""
        _xdotool("windowmove", self._window, str(-FRAME), str(-FRAME))
        _xdotool("windowsize", self._window, str(width + 2 * FRAME), str(height + 2 * FRAME))

    def find(self, name=None, role=None, where=None, contains=None):
        """The first showing control of that exact name (or containing a text), role and condition, or None."""
        self._must_run()
        self.root.forget()
        for _, node in self.root.walk():
            if name is not None and node.name != name:
                continue
            if contains is not None and contains not in node.name:
                continue
            if role is not None and node.role != role:
                continue
            if where is not None and not where(node):
                continue
            if node.showing:
                return node
        return None

    def wait_for(self, name=None, role=None, timeout=PATIENCE, where=None, contains=None):
        """As `find`, but waits for the control to appear."""
        wanted = " ".join(repr(part) for part in (role, name, contains) if part)
        return wait_until(wanted, lambda: self.find(name, role, where, contains), timeout)

    def wait_gone(self, name, role=None, timeout=PATIENCE):
        """Waits until no such control is showing."""
        wait_until(f"{name!r} to go away", lambda: self.find(name, role) is None, timeout)

    def click(self, name=None, role=None, timeout=PATIENCE, contains=None):
        """Uses the control of that name: by its action, or with the pointer where it has none."""
        node = self.wait_for(name, role, timeout, where=_actionable, contains=contains)
        if not node.act():
            self.point_at(node)
        return node

    def choose(self, label):
        """Chooses an item of the menu that is open."""
        item = self.wait_for(role="menu item", where=lambda node: node.usable and node.label == label)
        item.act()
        return item

    def point_at(self, node, clicks=1):
        """Clicks in the middle of a control: list items and grid cells have no action of their own."""
        x, y = wait_until(f"{node} at rest on the screen", lambda: _resting(node))
        _xdotool("mousemove", str(x), str(y), "click", "--repeat", str(clicks), "1")

    def scroll_to(self, node, at):
        """Turns the wheel at a place of the window until a control is on the screen, below all that came before it."""
        height = self.size[1] if self.size else 768
        for _ in range(40):
            node.forget()
            centre = node.centre
            if centre and 60 <= centre[1] <= height - 60:
                return
            _xdotool("mousemove", str(at[0]), str(at[1]), "click", "5" if not centre or centre[1] > 60 else "4")
            time.sleep(0.1)
        raise NotThere(f"{node} is not reached by scrolling")

    def type_into(self, name, text):
        """Puts `text` into the entry of that name."""
        entry = self.wait_for(where=lambda node: node.editable and name in (node.name, _label(node)))
        iface = entry.accessible.get_editable_text_iface()
        if not Atspi.EditableText.set_text_contents(iface, text):
            raise AssertionError(f"{entry} does not take text")
        return entry

    def press(self, key):
        """Presses a key in the window, in xdotool's names: `Return`, `Escape`, `ctrl+f`."""
        _xdotool("key", "--clearmodifiers", key)

    def screenshot(self, name=None):
        """Keeps a picture of the screen in `target/ui/` and returns its path."""
        path = RESULTS / f"{name or self.test}.png"
        subprocess.run(["import", "-window", "root", path], check=True)
        return path

    def tree(self):
        """All controls as text, for reading after a failure."""
        lines = []
        if self.root:
            self.root.forget()
        for depth, node in self.root.walk() if self.root else ():
            hidden = "" if node.showing else " (hidden)"
            lines.append("  " * depth + str(node) + hidden)
        return "\n".join(lines)

    def _keep_evidence(self):
        try:
            path = self.screenshot(f"{self.test}-failed")
            (RESULTS / f"{self.test}-failed.tree").write_text(self.tree())
            print(f"{self.test}: the screen is in {path}, the controls beside it, the log in {self.log_path}", file=sys.stderr)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{self.test}: no picture of the failure: {error}", file=sys.stderr)

    def stop(self):
        """Ends the app and waits for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._log.close()


def command_line(*arguments, given=None):
    """Runs a subcommand on the session's own library."""
    command = [BINARIES / "gnome-reel", *arguments]
    done = subprocess.run(command, input=given, env=os.environ | _environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"gnome-reel {' '.join(map(str, arguments))} failed: {done.stderr}")
    return done.stdout


def add_demo(testbed):
    """Adds the demo's three sources and reads them."""
    jellyfin = ("jellyfin", "--url", testbed.jellyfin_url, "--username", testbed.jellyfin_username, "--password-file", "-")
    command_line("sources", "add", *jellyfin, given=testbed.jellyfin_password)
    command_line("sources", "add", "plex", "--url", testbed.plex_url, "--token-file", "-", given=testbed.plex_token)
    command_line("sources", "add", "local", testbed.folder)
    command_line("sync")


def _resting(node):
    """Where a control is, once it moves no more: a sheet slides in, a list grows."""
    node.forget()
    before = node.centre
    time.sleep(0.15)
    node.forget()
    return before if before and node.centre == before else None


class Testbed:
    """The demo's servers, with the addresses and accounts of their ready file as attributes."""

    def __init__(self, folder):
        ready = pathlib.Path(folder) / "ready.json"
        RESULTS.mkdir(parents=True, exist_ok=True)
        self._log = open(RESULTS / f"testbed-{pathlib.Path(sys.argv[0]).stem}.log", "wb")
        self.process = subprocess.Popen(
            [BINARIES / "reel-testbed", "demo", "--folder", pathlib.Path(folder) / "films", "--ready-file", ready],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the testbed ended with status {self.process.returncode}")
            return ready.exists()

        # Long: the first start of all makes the sample videos.
        wait_until("the testbed", is_ready, timeout=120)
        vars(self).update(json.loads(ready.read_text()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self._log.close()


def _environment():
    schemas = RESULTS / "schemas"
    schemas.mkdir(parents=True, exist_ok=True)
    subprocess.run(["glib-compile-schemas", "--strict", f"--targetdir={schemas}", REPOSITORY / "data"], check=True)
    return {"GSETTINGS_SCHEMA_DIR": str(schemas), "RUST_LOG": os.environ.get("RUST_LOG", "gnome_reel=debug,info")}


def _xdotool(*arguments):
    return subprocess.run(["xdotool", *arguments], stdout=subprocess.PIPE, text=True, check=False).stdout


def _actionable(node):
    """Whether a person could use the control now; a label inside a button carries the same name but does nothing."""
    return node.usable and node.role not in ("label", "static", "heading", "image", "paragraph")


def _label(node):
    """The name of the row an entry stands in: libadwaita names the row, not the entry."""
    parent = node._ask(lambda a: a.get_parent(), None)
    for _ in range(6):
        if parent is None:
            return ""
        row = Node(parent)
        if row.role in ("list item", "row", "table row") or row.name:
            return row.name
        parent = row._ask(lambda a: a.get_parent(), None)
    return ""
