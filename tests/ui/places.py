"""A place is kept however the app ends, and reaches both servers, also after a time without a network.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/places.py
"""

import json
import signal
import sys
import tempfile
import time
import urllib.request

from reel_ui import Reel, Testbed, add_demo, command_line, wait_until

TEST = "places"
# What may be lost when nobody asks the app: a report is made this often, in seconds.
INTERVAL = 10


def listed(*arguments):
    return json.loads(command_line("--json", *arguments))


class Server:
    """A server, its source, and a short film of it that nobody has begun: its length is the one of its file."""

    def __init__(self, testbed, kind):
        self.testbed, self.kind = testbed, kind
        self.source = next(source["id"] for source in listed("sources", "list") if source["type"] == kind)
        libraries = [library for library in listed("libraries") if library["source_id"] == self.source]
        films = [item for library in libraries for item in listed("items", str(library["id"]), "--limit", "500")]
        self.film = next(
            film
            for film in films
            if film["kind"] in ("movie", "video") and film["duration_ms"] == 60_000 and not film["position_ms"] and not film["watched"]
        )

    def stored(self):
        """Where the film was left, as it is stored here, in seconds."""
        return listed("show", str(self.film["id"]))["position_ms"] / 1000

    def told(self):
        """Where the film was left, as its server says, in seconds."""
        return self._told_jellyfin() if self.kind == "jellyfin" else self._told_plex()

    def _told_plex(self):
        url = f"{self.testbed.plex_url}/library/metadata/{self.film['remote_id']}"
        headers = {"X-Plex-Token": self.testbed.plex_token, "Accept": "application/json", "X-Plex-Client-Identifier": "ui-test"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as reply:
            return json.load(reply)["MediaContainer"]["Metadata"][0].get("viewOffset", 0) / 1000

    def _told_jellyfin(self):
        def ask(path, token=None, body=None):
            header = 'MediaBrowser Client="UI test", Device="UI test", DeviceId="ui-test-places", Version="1"'
            header += f', Token="{token}"' if token else ""
            data = None if body is None else json.dumps(body).encode()
            headers = {"Authorization": header, "Content-Type": "application/json"}
            request = urllib.request.Request(self.testbed.jellyfin_url.rstrip("/") + path, data=data, headers=headers)
            with urllib.request.urlopen(request, timeout=10) as reply:
                return json.load(reply)

        account = {"Username": self.testbed.jellyfin_username, "Pw": self.testbed.jellyfin_password}
        session = ask("/Users/AuthenticateByName", body=account)
        path = f"/UserItems/{self.film['remote_id']}/UserData?userId={session['User']['Id']}"
        return ask(path, token=session["AccessToken"])["PlaybackPositionTicks"] / 10_000_000


def played(reel):
    """The slider of the player, once it moves."""
    slider = reel.wait_for("Position", role="slider", timeout=60)
    first = wait_until("a position", lambda: slider.value, timeout=30)
    wait_until("the position to advance", lambda: slider.value > first, timeout=30)
    return slider


def play_until(server, place, end):
    """Plays the film up to a place and ends the app in a way; gives where it was then and where it had begun."""
    with Reel(f"{TEST}-{server.kind}", arguments=("play", str(server.film["id"]))) as reel:
        slider = played(reel)
        begun = slider.value
        wait_until(f"{place} s", lambda: slider.value >= place, timeout=60)
        return end(reel, slider), begun


def asked(number):
    def end(reel, slider):
        reel.process.send_signal(number)
        left = slider.value or 0
        reel.process.wait(10)
        assert reel.process.returncode == 0, f"ended with {reel.process.returncode}"
        return left

    return end


def killed(reel, slider):
    left = slider.value
    reel.process.kill()
    reel.process.wait(10)
    return left


def about(found, expected, most):
    return abs(found - expected) <= most


def without_network(testbed, server):
    """The server goes away while the film plays, and is back at the next start."""

    def switch(state):
        request = urllib.request.Request(f"{testbed.control_url}/connections/{server.kind}/{state}", method="POST", data=b"")
        urllib.request.urlopen(request, timeout=10).close()

    def end(reel, slider):
        switch("off")
        at = slider.value
        wait_until("more of it", lambda: slider.value >= at + 2, timeout=30)
        return asked(signal.SIGTERM)(reel, slider)

    left, _ = play_until(server, server.stored() + 4, end)
    assert about(server.stored(), left, 2), f"{server.stored()} of {left}"
    waiting = [row for row in listed("outbox", "list") if row["item_id"] == server.film["id"]]
    assert waiting, "the place waits for the server"
    switch("on")

    def is_told():
        # What the app had in work when it ended is its own for half a minute.
        command_line("outbox", "retry")
        return about(server.told(), server.stored(), 1)

    wait_until("the server to be told", is_told, timeout=60)
    return left


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        for kind in ("jellyfin", "plex"):
            server = Server(testbed, kind)
            left, _ = play_until(server, 8, asked(signal.SIGTERM))
            assert about(server.stored(), left, 2), f"asked to end: {server.stored()} of {left}"
            assert about(server.told(), server.stored(), 1), f"{kind} was told {server.told()}"
            print(f"{TEST}: {kind}: asked to end at {left:.1f} s, stored {server.stored():.1f} s, told {server.told():.1f} s")

            stored = server.stored()
            left, begun = play_until(server, stored + 4, killed)
            assert about(begun, stored, 3), f"went on at {begun} instead of {stored}"
            kept = server.stored()
            assert left - INTERVAL - 2 <= kept <= left + 1, f"killed at {left}, stored {kept}"
            print(f"{TEST}: {kind}: went on at {begun:.1f} s, killed at {left:.1f} s, stored {kept:.1f} s")

            left = without_network(testbed, server)
            print(f"{TEST}: {kind}: without a network to {left:.1f} s, told {server.told():.1f} s afterwards")
            time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
