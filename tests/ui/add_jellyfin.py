"""Adds a Jellyfin in every way that the dialog has, and signs in to it again after its server has ended the token.

Found in the network and with a wrong password first; by Quick Connect; behind a certificate that nobody vouches for.
Keeps a picture of each page in `target/ui/`. Run by `build-aux/test`; by hand, also at another size:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/add_jellyfin.py 360x720
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

from reel_ui import BINARIES, Reel, Testbed, wait_until
from tls_front import Front

# Jellyfin's name in the demo, and users besides the one of the ready file.
NAME = "Attic"
GUEST = "guest"
FAMILY = "ana"
CODE = re.compile(r"^\d( \d){5}$")
# Seconds for a transition to end, before a picture.
SETTLE = 1
# Seconds until a first sync has shown something, and until a dead token is noticed.
SYNC = 60


def ask(testbed, path, token=None, body=None):
    """A question to the Jellyfin itself, as another client of its users."""
    header = 'MediaBrowser Client="UI test", Device="UI test", DeviceId="ui-test", Version="1"'
    if token:
        header += f', Token="{token}"'
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": header, "Content-Type": "application/json"}
    request = urllib.request.Request(testbed.jellyfin_url + path, data=data, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def approve(testbed, user, password, code):
    """Approves a code of Quick Connect as somebody who is signed in elsewhere."""
    session = ask(testbed, "/Users/AuthenticateByName", body={"Username": user, "Pw": password})
    assert ask(testbed, f"/QuickConnect/Authorize?code={code}", token=session["AccessToken"]) is True


def switch(folder, name, state):
    command = [BINARIES / "reel-testbed", "switch", "--ready-file", f"{folder}/ready.json", name, state]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Walk:
    """One run at one size."""

    def __init__(self, reel, testbed, size):
        self.reel, self.testbed, self.size = reel, testbed, size

    @property
    def narrow(self):
        return self.size[0] < 760

    def picture(self, page):
        time.sleep(SETTLE)
        self.reel.screenshot(f"add_jellyfin-{self.size[0]}x{self.size[1]}-{page}")

    def dialog_button(self, name):
        """Presses a button of the dialog in front."""
        dialog = self.reel.wait_for(role="dialog")
        dialog.forget()
        found = [node for _, node in dialog.walk() if node.role == "button" and node.name == name and node.usable]
        assert found, f"no {name} in the dialog"
        found[0].act()

    def sources(self):
        """How many sources of the demo's name the sidebar has."""
        if self.narrow:
            back = self.reel.find("Back", role="button")
            if back:
                back.act()
                time.sleep(SETTLE)
        self.reel.root.forget()
        nodes = [node for _, node in self.reel.root.walk() if node.showing and node.role == "image"]
        return sum(re.match(rf"{NAME}( \(\w+\))?: ", node.name) is not None for node in nodes)

    def wait_for_sources(self, count):
        wait_until(f"{count} sources in the sidebar", lambda: self.sources() == count, SYNC)

    def discovered(self):
        """Found in the network: server, user, password are the three actions until the first poster."""
        reel = self.reel
        reel.wait_for("On This Network")
        self.row(NAME)
        self.picture("first-run")
        reel.point_at(self.row(NAME))
        user = reel.wait_for(self.testbed.jellyfin_username, role="list item")
        reel.wait_for("Quick Connect", role="button")
        self.picture("server")
        user.act() or reel.point_at(user)
        reel.type_into("Password", "wrong")
        self.dialog_button("Sign In")
        reel.wait_for("The user name or password is wrong.")
        focused = reel.find(where=lambda node: node.editable and node.has(Atspi.StateType.FOCUSED))
        assert focused, "the focus is not where the password can be put right"
        self.picture("wrong-password")
        reel.type_into("Password", self.testbed.jellyfin_password)
        # By keyboard: Enter signs in.
        reel.press("Return")
        reel.wait_gone("Password")
        reel.wait_for(where=lambda node: node.role == "button" and re.search(r", \d{4}", node.name), timeout=SYNC)
        self.picture("posters")
        self.wait_for_sources(1)

    def row(self, name):
        """The row of a server on this network."""
        listed = lambda node: node.centre and any(f"{part} ·" in text for part in ("Jellyfin",) for text in texts(node))
        return self.reel.wait_for(name, role="list item", where=listed)

    def again(self, folder):
        """The server ends the token: the dialog comes with the user filled in, and the source stays the same."""
        reel = self.reel
        switch(folder, "jellyfin", "sign-out")
        reel.press("ctrl+r")
        reel.wait_for(f"{NAME} asks to sign in again", timeout=SYNC)
        reel.click("Sign In", role="button")
        reel.wait_for(self.testbed.jellyfin_username)
        self.picture("again")
        focused = reel.find(where=lambda node: node.editable and node.has(Atspi.StateType.FOCUSED))
        assert focused, "the focus is not in the password"
        reel.type_into("Password", "wrong")
        self.dialog_button("Sign In")
        reel.wait_for("The user name or password is wrong.")
        reel.type_into("Password", self.testbed.jellyfin_password)
        self.dialog_button("Sign In")
        reel.wait_gone("Password")
        wait_until("the source to be connected", lambda: reel.find(role="image", contains=f"{NAME}: connected"), SYNC)
        self.wait_for_sources(1)

    def quick_connect(self):
        """Another user of the same server, by a code; the first code is given up."""
        reel = self.reel
        reel.press("ctrl+n")
        reel.wait_for("On This Network")
        added = lambda: any("Added" in text for text in texts(self.row(NAME)))
        wait_until("the server to be marked as added", added)
        self.picture("choice")
        reel.point_at(self.row(NAME))
        reel.wait_for(GUEST, role="list item")
        for attempt in ("given up", "approved"):
            reel.click("Quick Connect", role="button")
            label = reel.wait_for(where=lambda node: CODE.match(node.name))
            code = label.name.replace(" ", "")
            if attempt == "given up":
                self.picture("code")
                assert reel.find(contains="more minutes"), "no time left is said"
                reel.click("Cancel", role="button")
                reel.wait_gone("Copy Code", role="button")
                reel.wait_for(GUEST, role="list item")
        approve(self.testbed, GUEST, "", code)
        reel.wait_gone("Copy Code", role="button")
        reel.wait_for("Added. The library is being read.")
        self.wait_for_sources(2)

    def certificate(self, front):
        """A self-signed server by its address, as a user whose name is typed."""
        reel = self.reel
        reel.press("ctrl+n")
        reel.wait_for("On This Network")
        reel.point_at(reel.wait_for("Jellyfin", role="list item"))
        reel.wait_for("Servers on this network")
        reel.type_into("Server address", front.url)
        self.picture("address")
        self.dialog_button("Continue")
        reel.wait_for("Trust This Certificate", role="button")
        reel.wait_for("The server signed it itself.")
        self.picture("certificate")
        reel.click("Trust This Certificate", role="button")
        other = reel.wait_for("Other User", role="list item")
        self.picture("trusted")
        other.act() or reel.point_at(other)
        reel.type_into("User name", FAMILY)
        reel.type_into("Password", self.testbed.jellyfin_password)
        self.picture("other-user")
        self.dialog_button("Sign In")
        reel.wait_gone("Password")
        self.wait_for_sources(3)
        self.picture("three")


def texts(node):
    """What stands in a control."""
    node.forget()
    return [child.name for _, child in node.walk()] + [node.description]


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    size = (int(width), int(height))
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        front = Front(folder, testbed.jellyfin_url)
        with Reel("add_jellyfin", environment={"GNOME_REEL_DISCOVERY": testbed.discovery}, size=size) as reel:
            walk = Walk(reel, testbed, size)
            walk.discovered()
            walk.again(folder)
            walk.quick_connect()
            walk.certificate(front)
        log = reel.log_path.read_bytes()
        assert testbed.jellyfin_password.encode() not in log, f"the password is in {reel.log_path}"
    print(f"add_jellyfin: found in the network, by a code, behind a certificate, and signed in again at {width}x{height}")


if __name__ == "__main__":
    sys.exit(main())
