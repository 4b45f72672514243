"""Opens a film, its people, extras and versions, and a series with its seasons, and comes back to the same places.

Keeps a picture of each page in `target/ui/`. Run by `build-aux/test`; by hand, also at another size and in dark style:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/details.py
    SESSION_KEYRING=1 ADW_DEBUG_COLOR_SCHEME=prefer-dark build-aux/session /usr/bin/python3 tests/ui/details.py 360x720
"""

import os
import sys
import tempfile
import time

from reel_ui import Reel, Testbed, add_demo, wait_until

TEST = "details"
# A film of the demo's Jellyfin that comes in two versions, and a series of it with three seasons.
FILM = "The Lantern Keeper"
SERIES = "Tidewater"
# Somebody in the film, with other titles on both servers.
PERSON = "Ada Mir"
# Seconds for pictures to come and transitions to end.
SETTLE = 1.5


class Walk:
    """The walk at one size."""

    def __init__(self, reel, name):
        self.reel = reel
        self.name = name

    def look(self, page):
        time.sleep(SETTLE)
        self.reel.screenshot(f"{self.name}-{page}")

    def open(self, title):
        """Opens the details of a title by the search."""
        self.reel.press("ctrl+f")
        self.reel.type_into("Search", title)
        self.reel.click(role="button", contains=f"{title}, ")
        self.reel.wait_for("Watched", role="toggle button")

    def back(self):
        self.reel.press("alt+Left")

    def reach(self, name=None, role="button", contains=None):
        """Scrolls a control of the page into sight."""
        node = self.reel.wait_for(name, role, contains=contains, where=lambda node: node.usable)
        self.reel.scroll_to(node, (self.reel.size[0] - 30, self.reel.size[1] // 2))
        return node

    def switch(self, name):
        """The drop-down list of this description: its name is what is chosen in it."""
        return self.reel.wait_for(role="combo box", where=lambda node: node.usable and node.description == name)

    def choose(self, switch, place):
        """Chooses from a drop-down list: opens it and takes the entry at a place."""
        self.reel.point_at(self.switch(switch))
        time.sleep(0.7)
        for _ in range(20):
            self.reel.press("Up")
        for _ in range(place):
            self.reel.press("Down")
        self.reel.press("Return")

    def film(self):
        reel = self.reel
        self.open(FILM)
        reel.wait_for("Cast and Crew")
        self.switch("Version")
        self.look("film")
        self.choose("Version", 1)
        reel.wait_for(contains="360p")
        reel.click("Media Information", role="button")
        reel.wait_for("Container")
        self.look("media")
        reel.press("Escape")
        reel.wait_gone("Container")

    def person(self):
        reel = self.reel
        self.reach(contains=f"{PERSON}, ")
        self.look("cast")
        reel.click(role="button", contains=f"{PERSON}, ")
        reel.wait_for("Films", role="heading")
        # From the other server, which was asked about her.
        other = reel.wait_for(role="button", contains="Winter Orchard, ")
        self.look("person")
        title = other.name.split(",")[0]
        if not other.act():
            reel.point_at(other)
        reel.wait_for(title, role="heading")
        reel.wait_for(contains="Also on ", role="toggle button")
        self.look("shared")
        self.back()
        reel.wait_for("Films", role="heading")
        self.back()
        self.switch("Version")
        assert reel.find(FILM, role="heading"), "the film that was left is not there again"

    def extras(self):
        reel = self.reel
        self.reach("Play Trailer")
        self.look("extras")
        reel.click("Play Trailer", role="button")
        slider = reel.wait_for("Position", role="slider", timeout=60)
        first = wait_until("a position", lambda: slider.value, timeout=60)
        wait_until("the trailer to go on", lambda: slider.value > first, timeout=30)
        reel.press("Escape")
        self.switch("Version")
        reel.wait_for("More Like This")

    def genre(self):
        reel = self.reel
        reel.click("Drama", role="button")
        reel.wait_for(role="table cell", contains="Salt and Copper, ")
        self.look("genre")
        self.back()
        self.switch("Version")

    def series(self):
        reel = self.reel
        self.open(SERIES)
        self.switch("Season")
        reel.wait_for(contains="Low Water")
        self.look("series")
        self.choose("Season", 1)
        reel.wait_for(contains="Undertow")
        self.look("season")
        reel.point_at(self.reach(role="list item", contains="Undertow"))
        reel.wait_for("Undertow", role="heading")
        reel.wait_for("Previous Episode", role="button")
        self.look("episode")
        reel.click("Next Episode", role="button")
        reel.wait_for("Lee Shore", role="heading")
        reel.click(SERIES, role="button")
        reel.wait_for(SERIES, role="heading")
        for _ in range(3):
            self.back()
            time.sleep(0.7)
        # The season that was chosen is still in front.
        reel.wait_for(contains="Undertow", role="list item")


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    style = "dark" if "dark" in os.environ.get("ADW_DEBUG_COLOR_SCHEME", "") else "light"
    name = f"{TEST}-{width}x{height}-{style}"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(name, size=(int(width), int(height))) as reel:
            reel.wait_for("Continue Watching", timeout=60)
            walk = Walk(reel, name)
            walk.film()
            walk.person()
            walk.extras()
            walk.genre()
            walk.series()
    print(f"{name}: film, person, extras, genre and series, and back")


if __name__ == "__main__":
    sys.exit(main())
