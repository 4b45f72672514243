"""The player on the session bus, as the desktop's media keys and controls use it.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/mpris.py
"""

import pathlib
import sys
import tempfile
import urllib.parse

from gi.repository import Gio, GLib

from player import FILM, Walk
from reel_ui import Reel, Testbed, add_demo, wait_until

TEST = "mpris"
PREFIX = "org.mpris.MediaPlayer2."
PATH = "/org/mpris/MediaPlayer2"
ROOT = "org.mpris.MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"


class Bus:
    """The player's object."""

    def __init__(self):
        self.connection = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.name = wait_until("the player on the bus", self.find)
        self.seeked = []
        self.connection.signal_subscribe(
            self.name, PLAYER, "Seeked", PATH, None, Gio.DBusSignalFlags.NONE,
            lambda *arguments: self.seeked.append(arguments[5].unpack()[0]),
        )

    def find(self):
        reply = self._call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ListNames", None)
        return next((name for name in reply[0] if name.startswith(PREFIX) and "Reel" in name), None)

    def _call(self, name, path, interface, method, arguments):
        return self.connection.call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 5000, None).unpack()

    def call(self, method, arguments=None, interface=PLAYER):
        return self._call(self.name, PATH, interface, method, arguments)

    def get(self, name, interface=PLAYER):
        properties = "org.freedesktop.DBus.Properties"
        return self._call(self.name, PATH, properties, "Get", GLib.Variant("(ss)", (interface, name)))[0]

    def set(self, name, value, interface=PLAYER):
        arguments = GLib.Variant("(ssv)", (interface, name, value))
        self._call(self.name, PATH, "org.freedesktop.DBus.Properties", "Set", arguments)

    def becomes(self, name, value):
        wait_until(f"{name} to be {value}", lambda: self.get(name) == value)

    def turn(self):
        """Takes signals that have come."""
        while GLib.MainContext.default().iteration(False):
            pass
        return True


def use(bus, walk, secrets):
    assert bus.get("Identity", ROOT) == "Reel"
    assert bus.get("DesktopEntry", ROOT) in bus.name
    bus.becomes("PlaybackStatus", "Playing")
    metadata = bus.get("Metadata")
    assert metadata["xesam:title"] == FILM, metadata
    assert metadata["mpris:length"] >= 30_000_000, metadata
    art = metadata.get("mpris:artUrl")
    if art:
        assert art.startswith("file:///"), art
        assert pathlib.Path(urllib.parse.unquote(art[len("file://"):])).is_file(), art
    assert not any(secret in str(metadata) for secret in secrets)
    bus.call("Pause")
    bus.becomes("PlaybackStatus", "Paused")
    bus.call("PlayPause")
    bus.becomes("PlaybackStatus", "Playing")
    bus.call("Pause")
    bus.becomes("PlaybackStatus", "Paused")
    track = metadata["mpris:trackid"]
    bus.call("SetPosition", GLib.Variant("(ox)", (track, 15_000_000)))
    wait_until("the place", lambda: abs(bus.get("Position") - 15_000_000) < 2_000_000)
    wait_until("the signal of it", lambda: bus.turn() and bus.seeked)
    bus.call("SetPosition", GLib.Variant("(ox)", ("/io/github/gnome_reel/Reel/track/999", 1_000_000)))
    bus.call("Seek", GLib.Variant("(x)", (5_000_000,)))
    wait_until("five seconds more", lambda: abs(bus.get("Position") - 20_000_000) < 2_000_000)
    bus.set("Volume", GLib.Variant("d", 0.4))
    wait_until("the volume", lambda: abs(bus.get("Volume") - 0.4) < 0.01)
    bus.set("Rate", GLib.Variant("d", 1.5))
    wait_until("the speed", lambda: abs(bus.get("Rate") - 1.5) < 0.01)
    bus.call("Raise", interface=ROOT)
    bus.call("Stop")
    bus.becomes("PlaybackStatus", "Stopped")
    walk.reel.wait_for("Watched", role="toggle button")
    walk.play()
    bus.becomes("PlaybackStatus", "Playing")
    bus.call("Quit", interface=ROOT)
    wait_until("the name to be gone", lambda: bus.find() is None)
    wait_until("the app to end", lambda: walk.reel.process.poll() is not None)


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(TEST, size=(1280, 800)) as reel:
            reel.wait_for(contains="Recently Added", timeout=60)
            walk = Walk(reel)
            walk.open()
            use(Bus(), walk, (testbed.plex_token, testbed.jellyfin_password, testbed.jellyfin_url))
            print(f"{TEST}: media keys, seeking, volume, speed, quitting")


if __name__ == "__main__":
    sys.exit(main())
