"""The player by keyboard and by its controls: seeking, speed, small windows, and what is remembered.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/player.py
"""

import sys
import tempfile
import time

from reel_ui import Reel, Testbed, add_demo, wait_until

TEST = "player"
# A film of the demo: half a minute long.
FILM = "The Lantern Keeper"
# Seconds for transitions to end.
SETTLE = 1
# Window sizes of the pictures: usual, a phone, and the smallest one.
SIZES = ((1280, 800), (360, 720), (360, 200))


class Walk:
    """One walk through the player."""

    def __init__(self, reel):
        self.reel = reel

    def look(self, name):
        time.sleep(SETTLE)
        self.reel.screenshot(f"{TEST}-{name}")

    def open(self):
        reel = self.reel
        reel.press("ctrl+f")
        reel.type_into("Search", FILM)
        reel.click(role="button", contains=f"{FILM}, ")
        reel.wait_for("Watched", role="toggle button")
        self.play()

    def play(self):
        """Plays what is open; the place where it is."""
        button = self.reel.wait_for(role="button", where=lambda node: node.usable and node.name in ("Play", "Resume"))
        button.act()
        self.slider = self.reel.wait_for("Position", role="slider", timeout=60)
        return wait_until("a position", lambda: self.slider.value, timeout=60)

    def controls(self):
        """Has the controls on the screen: any movement shows them."""
        self.reel.press("shift")

    def has(self, name, role=None):
        self.controls()
        return self.reel.wait_for(name, role)

    def seeks(self):
        reel, slider = self.reel, self.slider
        reel.press("k")
        self.has("Play", "button")
        reel.press("Home")
        wait_until("the beginning", lambda: slider.value < 3)
        reel.press("5")
        wait_until("its middle", lambda: 13 < slider.value < 17)
        here = slider.value
        reel.press("Right")
        wait_until("ten seconds more", lambda: 8 < slider.value - here < 13)
        reel.press("Left")
        wait_until("ten seconds back", lambda: abs(slider.value - here) < 3)
        reel.press("k")
        self.has("Pause", "button")

    def speeds(self):
        reel = self.reel
        # The film is short.
        reel.press("Home")
        speed = self.has("Speed")
        reel.press("bracketright")
        wait_until("a higher speed", lambda: self.says("1.25×"))
        assert speed is not None
        reel.press("bracketleft")
        wait_until("the usual speed", lambda: self.says("1×"))
        reel.press("bracketright")

    def says(self, text):
        return self.reel.find(text, role="label")

    def remembers(self):
        """The speed is the one that was chosen, when it is played again."""
        reel = self.reel
        reel.press("Home")
        reel.press("Right")
        time.sleep(SETTLE)
        reel.press("Escape")
        reel.wait_for("Watched", role="toggle button")
        resumed = self.play()
        assert resumed > 3, f"it went on from {resumed} s"
        wait_until("the chosen speed", lambda: self.controls() or self.says("1.25×"))
        return resumed

    def small(self):
        reel = self.reel
        reel.press("k")
        for width, height in SIZES:
            reel._fill(width, height)
            self.controls()
            play = reel.wait_for(role="button", where=lambda node: node.name in ("Play", "Pause"))
            left, right = wait_until("the button", lambda node=play: node.forget() or node.box)
            assert 0 <= left < right <= width, (left, right, width)
            self.look(f"{width}x{height}")
            if width == 360:
                reel.click("More", role="toggle button")
                reel.wait_for("Volume")
                self.look(f"{width}x{height}-more")
                reel.press("Escape")
        reel._fill(*SIZES[0])


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(TEST, size=SIZES[0]) as reel:
            reel.wait_for(contains="Recently Added", timeout=60)
            walk = Walk(reel)
            walk.open()
            walk.look("begins")
            walk.seeks()
            walk.speeds()
            resumed = walk.remembers()
            walk.small()
            print(f"{TEST}: keys, speed and small windows; it went on from {resumed:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
