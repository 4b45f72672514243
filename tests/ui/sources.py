"""Manages sources as a person does: names, order, off and on, removal; preferences; certificates; a network's login.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/sources.py
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

from reel_ui import BINARIES, RESULTS, Reel, Testbed, add_demo, command_line, wait_until

TEST = "sources"
SCHEMA = "io.github.gnome_reel.Reel"
# Left of this, in pixels, is the sidebar of a wide window.
SIDEBAR = 290
# The middle of the handle of a row on the screen, in pixels from the left edge and the middle of the row as it is told.
HANDLE = (32, 34)
# The choices of the proxy.
CHOICES = ("System", "Manual", "None")
# Seconds for what unfolds or folds away.
SETTLE = 1
# Must be nowhere but in the keyring.
PASSWORD = "canary-proxy-password-Ui8"
# Seconds until a change at a server is noticed while the window is looked at.
NOTICED = 60
OFF = "Turned off: its library is hidden here, nothing is deleted"


def switch(folder, name, state):
    command = [BINARIES / "reel-testbed", "switch", "--ready-file", f"{folder}/ready.json", name, state]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def setting(key, value=None):
    """What a setting is, or sets it from outside."""
    action = ["get", SCHEMA, key] if value is None else ["set", SCHEMA, key, value]
    environment = os.environ | {"GSETTINGS_SCHEMA_DIR": str(RESULTS / "schemas")}
    done = subprocess.run(["gsettings", *action], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip().strip("'")


class Page:
    """The sources page beside its sidebar."""

    def __init__(self, reel):
        self.reel = reel

    def _from_top(self, role, inside):
        """Named controls of a role, from top to bottom; `inside` judges how far from the left one is."""
        self.reel.root.forget()
        shown = [node for _, node in self.reel.root.walk() if node.role == role and node.showing and node.name]
        # One that goes away meanwhile has no place.
        placed = [(node.centre, node) for node in shown]
        placed = [(centre[1], node) for centre, node in placed if centre and inside(centre[0])]
        return [node for _, node in sorted(placed, key=lambda pair: pair[0])]

    def rows(self):
        return self._from_top("list item", lambda left: left > SIDEBAR)

    def order(self):
        return [row.name for row in self.rows()]

    def sidebar(self):
        """Headings of the sidebar."""
        names = {row["name"] for row in json.loads(command_line("sources", "list", "--json"))}
        labels = self._from_top("label", lambda left: left < SIDEBAR)
        return [label.name for label in labels if label.name in names]

    def wait_for_order(self, *names):
        wait_until(f"the order {names}", lambda: self.order() == list(names))
        wait_until(f"the sidebar in the order {names}", lambda: self.sidebar() == list(names))

    def row(self, name):
        return wait_until(f"the row {name!r}", lambda: next((row for row in self.rows() if row.name == name), None))

    def choose(self, name, action):
        """Chooses an action from the menu of a row."""
        button = next(node for _, node in self.row(name).walk() if node.role == "toggle button" and node.name == "More Actions")
        button.act()
        self.reel.choose(action)


    def drag(self, name, onto):
        """Drags a row by its handle, below its icons, onto another one."""
        row, target = self.row(name), self.row(onto)
        left, (_, top), (_, goal) = row.box[0] + HANDLE[0], row.centre, target.centre
        top += HANDLE[1]
        pointer("mousemove", left, top)
        pointer("mousedown", 1)
        for step in range(1, 11):
            pointer("mousemove", left + 2 * step, top + (goal - top) * step // 10)
        self.reel.screenshot(f"{TEST}-drag")
        pointer("mouseup", 1)


def pointer(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)
    # A drag is recognised from several events.
    time.sleep(0.15)


def manage(reel):
    """Names, order, off and on, removal."""
    page = Page(reel)
    reel.press("ctrl+shift+s")
    page.wait_for_order("Attic", "Cellar", "films")
    reel.screenshot(f"{TEST}-page")

    page.choose("Attic", "Rename")
    reel.wait_for("Rename Source")
    reel.type_into("Name", "Loft")
    reel.screenshot(f"{TEST}-rename")
    reel.press("Return")
    page.wait_for_order("Loft", "Cellar", "films")

    # The focus is back in the row, and stays there while it moves.
    reel.press("alt+Down")
    page.wait_for_order("Cellar", "Loft", "films")
    reel.press("alt+Down")
    page.wait_for_order("Cellar", "films", "Loft")
    reel.press("alt+Up")
    page.wait_for_order("Cellar", "Loft", "films")
    page.choose("Loft", "Move Down")
    page.wait_for_order("Cellar", "films", "Loft")
    page.choose("Loft", "Move Up")
    page.wait_for_order("Cellar", "Loft", "films")
    page.choose("Cellar", "Move Down")
    page.wait_for_order("Loft", "Cellar", "films")
    page.drag("Loft", "films")
    page.wait_for_order("Cellar", "films", "Loft")
    page.drag("Loft", "Cellar")
    page.wait_for_order("Loft", "Cellar", "films")

    page.choose("Cellar", "Turn Off")
    wait_until("it to leave the sidebar", lambda: page.sidebar() == ["Loft", "films"])
    reel.wait_for(contains=OFF)
    reel.screenshot(f"{TEST}-off")
    assert page.order() == ["Loft", "Cellar", "films"]
    page.choose("Cellar", "Turn On")
    page.wait_for_order("Loft", "Cellar", "films")
    wait_until("the sentence to go", lambda: reel.find(contains=OFF) is None)

    page.choose("films", "Remove")
    reel.wait_for(contains="Nothing is deleted in the folder.")
    reel.screenshot(f"{TEST}-remove")
    reel.press("Escape")
    reel.wait_gone("Remove “films”?")
    assert page.order() == ["Loft", "Cellar", "films"], "only asked"
    page.choose("films", "Remove")
    reel.click("Remove", role="button")
    page.wait_for_order("Loft", "Cellar")
    print(f"{TEST}: renamed, moved by keyboard, dragged, turned off and on, removed")


def choose_mode(reel, mode):
    """Chooses the proxy: opens the list and goes to the choice by keyboard."""
    modes = ["system", "manual", "none"]
    steps = modes.index(mode) - modes.index(setting("proxy-mode"))
    reel.point_at(reel.wait_for("Proxy", role="combo box"))
    wait_until("the choices", lambda: sum(node.label in CHOICES or node.name in CHOICES for node in shown(reel)) >= 1)
    time.sleep(SETTLE)
    for _ in range(abs(steps)):
        reel.press("Down" if steps > 0 else "Up")
    reel.press("Return")
    wait_until(f"the mode {mode}", lambda: setting("proxy-mode") == mode)


def shown(reel):
    reel.root.forget()
    return [node for _, node in reel.root.walk() if node.showing]


def preferences(reel):
    """Settings in both directions, and a password that is none of them."""
    reel.press("ctrl+comma")
    reel.wait_for("Allow Relays")
    reel.screenshot(f"{TEST}-preferences")
    reel.click("Allow Relays", role="check box")
    wait_until("the setting", lambda: setting("relay-allowed") == "false")
    setting("relay-allowed", "true")
    wait_until("the switch", lambda: reel.find("Allow Relays", role="check box").has(Atspi.StateType.CHECKED))

    choose_mode(reel, "manual")
    reel.wait_for(contains="Until there is an address")
    enter(reel, "Address of the Proxy", "ftp://proxy.example:21")
    reel.wait_for("Only HTTP and SOCKS5 proxies can be used.")
    assert setting("proxy-address") == "", "a bad address was stored"
    reel.screenshot(f"{TEST}-proxy-problem")
    # Nobody is there: what the window does meanwhile does not matter here.
    enter(reel, "Address of the Proxy", "127.0.0.1:9")
    wait_until("the address", lambda: setting("proxy-address") == "http://127.0.0.1:9")
    enter(reel, "User Name", "ana")
    wait_until("the name", lambda: setting("proxy-user") == "ana")
    enter(reel, "Password", PASSWORD)
    reel.wait_for("Forget Password", role="button")
    assert reel.find("Apply", role="button") is None, "something is left to apply"
    reel.screenshot(f"{TEST}-proxy")

    # Credentials that were written into the address move out of it.
    setting("proxy-address", f"http://ben:{PASSWORD}@127.0.0.1:10")
    wait_until("the bare address", lambda: setting("proxy-address") == "http://127.0.0.1:10")
    wait_until("the name", lambda: setting("proxy-user") == "ben")
    reel.click("Forget Password", role="button")
    reel.wait_gone("Forget Password", role="button")
    choose_mode(reel, "system")
    reel.wait_gone("User Name")
    reel.press("Escape")
    reel.wait_gone("Allow Relays")
    print(f"{TEST}: preferences in both directions")


def enter(reel, name, text):
    """Types something into an entry as a person does: goes there, types, presses Enter."""
    reel.point_at(reel.wait_for(name, role="text", where=lambda node: node.editable))
    reel.type_into(name, text)
    reel.press("Return")


def icon(reel):
    node = reel.find(role="image", contains="Loft: ")
    return node.name if node else ""


def wait_for_icon(reel, words, timeout=NOTICED):
    wait_until(f"the icon to say {words!r}", lambda: words in icon(reel), timeout)


def certificates(reel, folder):
    """A certificate that nothing vouches for: reviewed, trusted, changed, and revoked."""
    for line in ("jellyfin-lan", "jellyfin-wan"):
        switch(folder, line, "off")
    reel.press("ctrl+r")
    switch(folder, "jellyfin-tls", "self-signed")
    wait_for_icon(reel, "its certificate is not trusted")
    reel.wait_for("The certificate of Loft is not trusted")
    reel.click("Review…", role="button")
    reel.wait_for("Certificate of Loft")
    reel.wait_for("The server signed it itself.")
    reel.screenshot(f"{TEST}-review")
    reel.click("Trust This Certificate", role="button")
    reel.wait_for("The certificate is trusted now")
    wait_for_icon(reel, "connected")

    switch(folder, "jellyfin-tls", "changed-certificate")
    wait_for_icon(reel, "its certificate is not trusted")
    reel.click("Review…", role="button")
    reel.wait_for(contains="It is not the one that you trusted before.")
    reel.screenshot(f"{TEST}-review-changed")
    reel.press("Escape")
    switch(folder, "jellyfin-tls", "self-signed")
    wait_for_icon(reel, "connected")

    reel.press("ctrl+comma")
    revoke = reel.wait_for("Revoke", role="button")
    reel.wait_for("127.0.0.1")
    reel.screenshot(f"{TEST}-certificates")
    revoke.act()
    reel.wait_for("You have accepted none")
    # The first one is for the toast that says so.
    reel.press("Escape")
    time.sleep(SETTLE)
    reel.press("Escape")
    reel.wait_gone("Allow Relays")
    wait_for_icon(reel, "its certificate is not trusted")
    assert json.loads(command_line("trust", "list", "--json")) == []
    switch(folder, "jellyfin", "on")
    reel.press("ctrl+r")
    wait_for_icon(reel, "connected")
    print(f"{TEST}: a certificate was reviewed, trusted, changed and revoked")


def portal(reel, folder):
    """The sign-in page of a network answers in place of the servers."""
    switch(folder, "all", "captive")
    reel.wait_for("This network wants you to sign in", timeout=NOTICED)
    reel.wait_for("Open Network Login", role="button")
    reel.screenshot(f"{TEST}-portal")
    switch(folder, "all", "on")
    wait_for_icon(reel, "connected")
    print(f"{TEST}: a network that wants a sign-in is named")


def assert_nowhere(secret, log):
    """The password of a proxy is in no file of the app."""
    folders = [pathlib.Path(os.environ[name]) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    holding = [path for path in [*files, log] if secret.encode() in path.read_bytes() and "keyrings" not in path.parts]
    assert not holding, f"the password is in {holding}"
    assert any(path.name.startswith("library") or path.suffix in (".db", ".sqlite") for path in files), files


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        authority = pathlib.Path(folder) / "authority.pem"
        authority.write_text(testbed.jellyfin_authority)
        os.environ["SSL_CERT_FILE"] = str(authority)
        os.environ["GNOME_REEL_DISCOVERY"] = "off"
        add_demo(testbed)
        attic = json.loads(command_line("sources", "list", "--json"))[0]["id"]
        for url in testbed.jellyfin_urls[1:]:
            command_line("connections", "add", attic, url)
        with Reel(TEST, environment={"RUST_LOG": "gnome_reel=trace,info"}) as reel:
            reel.wait_for("Continue Watching", timeout=NOTICED)
            manage(reel)
            preferences(reel)
            certificates(reel, folder)
            portal(reel, folder)
        assert_nowhere(PASSWORD, reel.log_path)


if __name__ == "__main__":
    sys.exit(main())
