"""Signs in with Plex to the end: code, cancel, expiry, a lost network, a Home with a PIN, two servers, and again.

The demo's plex.tv is told to wait for a person, who then agrees through the control. Run by `build-aux/test`; by
hand, also at another size:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/add_plex.py
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/add_plex.py 360x720
"""

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reel_ui import BINARIES, Reel, Testbed, command_line, wait_until
from tls_front import Front

TEST = "add_plex"
# The app's name on the bus.
APPLICATION = "io.github.gnome_reel.Reel"
# Somebody in the demo's Home, and the number that protects them.
MEMBER = "mia"
PIN = "2468"
# The demo's servers: of the Home, and shared by a friend.
OWN = "Cellar"
SHARED = "Cottage"
# Seconds until plex.tv was asked again, with a request that may wait for a dead line.
LOOK = 40
# Seconds until a dead sign-in is noticed, and until a new one is in use.
NOTICED = 45


class Person:
    """Who sits at the browser, and who pulls plugs."""

    def __init__(self, testbed, folder):
        self.control = testbed.control_url
        self.folder = folder

    def account(self, what):
        """At plex.tv: `hold`, `approve` and `expire` codes, `hide` and `show` the servers."""
        request = urllib.request.Request(f"{self.control}/account/{what}", method="POST", data=b"")
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def switch(self, name, state):
        command = [BINARIES / "reel-testbed", "switch", "--ready-file", f"{self.folder}/ready.json", name, state]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Test:
    def __init__(self, reel, person, name):
        self.reel = reel
        self.person = person
        self.name = name

    def look(self, page):
        time.sleep(0.7)
        self.reel.screenshot(f"{self.name}-{page}")

    def code_is_shown(self):
        self.reel.wait_for("Copy Code", role="button", where=lambda node: node.usable, timeout=LOOK)
        return self.reel.wait_for(where=lambda node: node.role == "label" and is_spelt(node.name)).name

    def waits_until_cancelled(self):
        reel = self.reel
        reel.click("Add Plex", role="button")
        reel.wait_for("Sign in with Plex", role="button")
        self.look("start")
        reel.click("Sign in with Plex", role="button")
        code = self.code_is_shown()
        reel.wait_for(contains="plex.tv/link")
        reel.wait_for("No browser could be opened on this computer.")
        reel.wait_for("Open Browser Again", role="button")
        reel.wait_for(contains="The code is good for ")
        self.look("code")
        reel.click("Cancel", role="button")
        reel.wait_for("Sign in with Plex", role="button", where=lambda node: node.usable)
        self.nobody_asks("cancelled")
        reel.click("Sign in with Plex", role="button")
        self.code_is_shown()
        close_dialog(reel)
        self.nobody_asks("closed")
        reel.click("Add Plex", role="button")
        return code

    def nobody_asks(self, when):
        """Once a look that had begun is over, plex.tv is not asked any more."""
        looks = lambda: self.reel.log_path.read_text(errors="replace").count('path="/api/v2/pins/{}"')
        time.sleep(1)
        before = looks()
        assert before, "the looks are not in the log"
        # Longer than the pause between two looks.
        time.sleep(3)
        assert looks() == before, f"plex.tv is asked after the dialog was {when}"

    def a_code_expires(self, former):
        reel = self.reel
        reel.click("Sign in with Plex", role="button")
        assert self.code_is_shown() != former, "the code of an attempt that was given up"
        self.person.account("expire")
        reel.wait_for("New Code", role="button", timeout=LOOK)
        reel.wait_for("The code was not confirmed in time.")
        self.look("expired")
        reel.click("New Code", role="button")
        self.code_is_shown()

    def waits_for_the_network(self):
        self.person.switch("plex.tv", "off")
        self.reel.wait_for("Waiting for the network…", timeout=LOOK)
        self.look("network")
        # Agreed while nobody here can hear it.
        self.person.account("approve")
        self.person.switch("plex.tv", "on")

    def enters_the_pin(self):
        reel = self.reel
        reel.wait_for(contains="PIN", role="label", timeout=LOOK)
        reel.wait_for("PIN", where=lambda node: node.role != "label")
        reel.type_into("PIN", "1111")
        reel.click("Continue", role="button")
        reel.wait_for("The PIN is wrong.")
        self.look("wrong-pin")
        reel.type_into("PIN", PIN)
        reel.press("Return")

    def becomes_somebody(self):
        reel = self.reel
        row = reel.wait_for(MEMBER, role="list item", timeout=LOOK)
        time.sleep(1)
        self.look("users")
        reel.point_at(row)
        self.enters_the_pin()

    def chooses_servers(self):
        reel = self.reel
        own = reel.wait_for(OWN, role="check box", timeout=LOOK)
        shared = reel.wait_for(SHARED, role="check box")
        reel.wait_for("In Your Home")
        reel.wait_for("Shared With You")
        wait_until("the own server to be checked", lambda: is_checked(own))
        assert not is_checked(shared), "the server of somebody else is chosen"
        self.look("servers")
        # A check box has no action of its own.
        reel.point_at(shared)
        wait_until("both to be checked", lambda: is_checked(shared))
        reel.click("Add Servers", role="button")
        reel.wait_gone("Add Servers", role="button", timeout=60)
        sources = wait_until("two sources", lambda: len(found := self.sources()) == 2 and found)
        assert sorted(source["name"] for source in sources) == [OWN, SHARED], sources
        assert all(source["user"] == MEMBER for source in sources), sources

    def sources(self):
        return json.loads(command_line("sources", "list", "--json"))

    def sees_the_sidebar(self):
        reel = self.reel
        if reel.size[0] < 760:
            reel.click("Back", role="button")
        for name in (OWN, SHARED):
            reel.wait_for(role="image", contains=f"{name}: connected", timeout=NOTICED)
        self.look("sidebar")

    def offers_what_is_left(self):
        """Once more: what is there already is shown as that."""
        reel = self.reel
        reel.press("ctrl+n")
        reel.point_at(reel.wait_for("Plex", role="list item"))
        reel.click("Sign in with Plex", role="button")
        self.code_is_shown()
        self.person.account("approve")
        reel.wait_for(MEMBER, role="list item", timeout=LOOK)
        # The first user has the focus once the page is there.
        reel.wait_for(where=lambda node: node.role == "list item" and node.focused)
        reel.press("Down")
        reel.press("Return")
        reel.type_into("PIN", PIN)
        reel.press("Return")
        added = reel.wait_for(OWN, role="check box", timeout=LOOK)
        assert not added.usable, "a server can be added twice"
        reel.wait_for("Added")
        reel.wait_for(f"Signed in as {MEMBER}. Every server of this account was added.")
        assert not reel.wait_for("Add Servers", role="button").usable, "there is nothing to add"
        self.look("added")
        # Escape goes back, page by page, and then closes.
        while reel.find(role="dialog"):
            reel.press("Escape")
            time.sleep(0.7)

    def signs_in_again(self):
        reel = self.reel
        before = {source["id"] for source in self.sources()}
        self.person.switch("plex.tv", "sign-out")
        self.person.switch("plex", "sign-out")
        reel.press("ctrl+r")
        reel.wait_for(role="image", contains=f"{OWN}: sign in needed", timeout=NOTICED)
        reel.wait_for(f"{OWN} asks to sign in again")
        self.look("asks")
        reel.click("Sign In", role="button")
        reel.click("Sign in with Plex", role="button")
        self.code_is_shown()
        self.person.account("hide")
        self.person.account("approve")
        self.enters_the_pin()
        self.the_server_is_missing()
        reel.wait_gone("Refresh", role="button", timeout=LOOK)
        reel.wait_for(role="image", contains=f"{OWN}: connected", timeout=NOTICED)
        assert {source["id"] for source in self.sources()} == before, "another source was made"

    def the_server_is_missing(self):
        reel = self.reel
        reel.wait_for("No matching Plex server found", timeout=LOOK)
        self.look("missing")
        reel.click("Refresh", role="button")
        reel.click("Sign In With Another Account", role="button")
        self.code_is_shown()
        self.person.account("approve")
        self.enters_the_pin()
        reel.wait_for("No matching Plex server found", timeout=LOOK)
        self.person.account("show")
        reel.click("Refresh", role="button")

    def adds_another_user(self):
        """The account that is kept knows the other user: nobody opens a browser."""
        reel = self.reel
        own = next(source["id"] for source in self.sources() if source["name"] == OWN)
        self.activate("add-user", own)
        reel.wait_for("Owner of the Home", timeout=LOOK)
        # The first user has the focus once the page is there.
        reel.wait_for(where=lambda node: node.role == "list item" and node.focused)
        reel.press("Return")
        own = reel.wait_for(OWN, role="check box", timeout=LOOK)
        assert is_checked(own) and not is_checked(reel.wait_for(SHARED, role="check box"))
        self.look("another-user")
        reel.click("Add Servers", role="button")
        reel.wait_gone("Add Servers", role="button", timeout=60)
        users = wait_until("three sources", lambda: len(found := self.sources()) == 3 and found)
        assert sorted((source["name"], source["user"]) for source in users) == [
            (OWN, "demo"),
            (OWN, MEMBER),
            (SHARED, MEMBER),
        ], users

    @staticmethod
    def activate(action, source):
        """What a menu of the window does."""
        path = "/" + APPLICATION.replace(".", "/") + "/window/1"
        command = ["gdbus", "call", "--session", "--dest", APPLICATION, "--object-path", path]
        command += ["--method", "org.gtk.Actions.Activate", action, f"[<'{source}'>]", "{}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def close_dialog(reel):
    dialog = reel.wait_for(role="dialog")
    close = [node for _, node in dialog.walk() if node.role == "button" and node.name == "Close" and node.showing]
    assert close[0].act(), "the dialog has no way out"
    wait_until("the dialog to go", lambda: reel.find(role="dialog") is None)


def by_token(name, size, testbed, person):
    """A server by its address and a token, without plex.tv, behind a certificate of its own; and again with another token."""
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as home:
        environment = {"XDG_DATA_HOME": f"{home}/data", "XDG_CACHE_HOME": f"{home}/cache"}
        environment["GNOME_REEL_PLEX_TV_URL"] = "http://127.0.0.1:9"
        with Reel(f"{name}-token", environment=environment, size=size) as reel:
            reel.click("Add Plex", role="button")
            reel.point_at(reel.wait_for("By Address and Token", role="list item"))
            reel.type_into("Server address", Front(home, testbed.plex_url).url)
            reel.type_into("Token", "wrong")
            reel.click("Add", role="button")
            reel.wait_for("Trust This Certificate", role="button", timeout=LOOK)
            reel.wait_for("The server signed it itself.")
            reel.screenshot(f"{name}-token-certificate")
            reel.click("Trust This Certificate", role="button")
            reel.wait_for("The server does not accept this token.", timeout=LOOK)
            reel.screenshot(f"{name}-token-wrong")
            reel.type_into("Token", testbed.plex_token)
            reel.press("Return")
            reel.wait_gone("Token", timeout=60)
            if size[0] < 760:
                reel.click("Back", role="button")
            reel.wait_for(role="image", contains=f"{OWN}: connected", timeout=NOTICED)
            reel.wait_for("Films", timeout=60)

            person.switch("plex", "sign-out")
            reel.press("ctrl+r")
            reel.wait_for(f"{OWN} asks to sign in again", timeout=NOTICED)
            reel.click("Sign In", role="button")
            reel.wait_for(contains="wants another token.")
            assert reel.find("Sign in with Plex") is None, "there is no account to sign in to"
            reel.type_into("Token", testbed.plex_token)
            reel.press("Return")
            reel.wait_for("The server does not accept this token.", timeout=LOOK)
            reel.screenshot(f"{name}-token-again")
        assert testbed.plex_token.encode() not in reel.log_path.read_bytes(), "the token is in the log"


class ManyServers(BaseHTTPRequestHandler):
    """A plex.tv whose account has 500 servers, some with a name without end, and that agrees at once."""

    def do_POST(self):
        self.answer({"id": 7, "code": "ab12", "expiresIn": 900})

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path.startswith("/api/v2/pins/"):
            self.answer({"id": 7, "code": "ab12", "expiresIn": 900, "authToken": "canary-plex-token-many"})
        elif path == "/api/v2/user":
            self.answer({"uuid": "aa11", "title": "ana", "home": False})
        elif path == "/api/v2/resources":
            self.answer([self.server_number(number) for number in range(500)])
        else:
            self.send_error(404)

    @staticmethod
    def server_number(number):
        return {
            "name": ("long " * 2000 if number % 50 == 49 else "Server ") + f"{number:03}",
            "provides": "server",
            "clientIdentifier": f"machine-{number}",
            "accessToken": "canary-plex-token-many",
            "owned": number % 2 == 0,
            "sourceTitle": "friend",
            "presence": True,
            "connections": [],
        }

    def answer(self, body):
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def many_servers(name, size):
    """500 servers can be searched, and none is chosen by mistake."""
    plex_tv = ThreadingHTTPServer(("127.0.0.1", 0), ManyServers)
    threading.Thread(target=plex_tv.serve_forever, daemon=True).start()
    environment = {"GNOME_REEL_PLEX_TV_URL": f"http://127.0.0.1:{plex_tv.server_port}"}
    environment["RUST_LOG"] = "gnome_reel=debug,gnome_reel::stall=trace"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as home:
        environment |= {"XDG_DATA_HOME": f"{home}/data", "XDG_CACHE_HOME": f"{home}/cache"}
        with Reel(f"{name}-many", environment=environment, size=size) as reel:
            reel.click("Add Plex", role="button")
            reel.click("Sign in with Plex", role="button")
            reel.wait_for("Your Servers", timeout=LOOK)
            assert not is_checked(reel.wait_for("Server 000", role="check box")), "chosen unseen"
            reel.wait_for("Add Servers", role="button")
            reel.screenshot(f"{name}-many")
            reel.type_into("Search servers", "server 497")
            reel.wait_for("Server 497", role="check box")
            reel.wait_gone("Server 001", role="check box")
            reel.wait_gone("Your Servers")
            reel.wait_for("Shared by friend · Online")
            reel.screenshot(f"{name}-many-found")
            reel.type_into("Search servers", "nowhere")
            reel.wait_for("No server has this name.")
            stalls = re.findall(r"gnome_reel::stall.*?late_ms=(\d+)", reel.log_path.read_text(errors="replace"))
            print(f"{name}: 500 servers; the longest wait of the main loop was {max(map(int, stalls), default=0)} ms")
    plex_tv.shutdown()


def is_spelt(name):
    """Whether a name is a code said character by character."""
    return len(name) == 7 and name[1::2] == "   " and name[::2].isalnum()


def is_checked(node):
    from gi.repository import Atspi

    node.forget()
    return node.has(Atspi.StateType.CHECKED)


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    name = f"{TEST}-{width}x{height}"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        person = Person(testbed, folder)
        person.account("hold")
        by_token(name, (int(width), int(height)), testbed, person)
        environment = {"GNOME_REEL_PLEX_TV_URL": testbed.plex_tv_url, "GNOME_REEL_DISCOVERY": testbed.discovery}
        with Reel(name, environment=environment, size=(int(width), int(height))) as reel:
            test = Test(reel, person, name)
            former = test.waits_until_cancelled()
            test.a_code_expires(former)
            test.waits_for_the_network()
            test.becomes_somebody()
            test.chooses_servers()
            test.sees_the_sidebar()
            test.offers_what_is_left()
            test.signs_in_again()
            test.adds_another_user()
        log = reel.log_path.read_bytes()
        for secret in ("canary-plex-token", f"pin={PIN}"):
            assert secret.encode() not in log, f"{secret} is in {reel.log_path}"
    many_servers(name, (int(width), int(height)))
    print(f"{name}: two servers of a Home, and signed in again")


if __name__ == "__main__":
    sys.exit(main())
