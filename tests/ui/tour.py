"""Visits each page and dialog in a narrow window, and fails where something is wider than the window.

Keeps a picture of each in `target/ui/`. Run by `build-aux/test`; by hand, also at another size and in dark style:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/tour.py
    SESSION_KEYRING=1 ADW_DEBUG_COLOR_SCHEME=prefer-dark build-aux/session /usr/bin/python3 tests/ui/tour.py 1280x800
"""

import os
import re
import sys
import tempfile
import time

from reel_ui import FRAME, Reel, Testbed, add_demo, wait_until

TEST = "tour"

# What GTK and libadwaita say when a widget has less room than it needs.
TOO_NARROW = re.compile(r"^.*(?:exceeds .* width|needs at least|does not have enough space|Trying to measure).*$", re.MULTILINE)
# No control is as wide as this, in pixels.
NONSENSE = 100_000
# Seconds for pictures to come and transitions to end.
SETTLE = 1.5


class Tour:
    """A walk through the app at one size."""

    def __init__(self, size):
        self.size = size
        style = "dark" if "dark" in os.environ.get("ADW_DEBUG_COLOR_SCHEME", "") else "light"
        self.name = f"{TEST}-{size[0]}x{size[1]}-{style}"
        self.wide = []

    @property
    def narrow(self):
        return self.size[0] < 760

    def look(self, reel, page):
        """Keeps a picture and notes what reaches over the window's edge."""
        time.sleep(SETTLE)
        reel.screenshot(f"{self.name}-{page}")
        reel.root.forget()
        self._look_at(reel.root, page, scrolled=False)

    def _look_at(self, node, page, scrolled):
        for child in node.children:
            if not child.showing:
                continue
            box = child.box
            # A container without a name and without a size of its own tells nonsense.
            if box and box[1] < NONSENSE and (box[0] < -FRAME - 1 or box[1] > self.size[0] + FRAME + 1):
                self.wide.append(f"{page}: {child} from {box[0]} to {box[1]}")
            # What scrolls inside of a page that scrolls are rows of cards, which go sideways on purpose.
            inside = child.role == "scroll pane"
            if not (scrolled and inside):
                self._look_at(child, page, scrolled or inside)

    def judge(self, reel):
        said = TOO_NARROW.findall(reel.log_path.read_text(errors="replace"))
        self.wide += said

    def first_run(self):
        with Reel(self.name, size=self.size) as reel:
            reel.wait_for("Add Plex", role="button")
            self.look(reel, "first-run")
            for kind in ("Plex", "Jellyfin", "Folder"):
                reel.click(f"Add {kind}", role="button")
                if kind == "Plex":
                    reel.wait_for("Sign in with Plex", role="button")
                    self.look(reel, "add-plex")
                    reel.point_at(reel.wait_for("By Address and Token", role="list item"))
                    reel.wait_for("Token")
                    self.look(reel, "add-plex-token")
                    reel.press("Escape")
                    reel.wait_gone("Token")
                else:
                    reel.wait_for("Continue" if kind == "Jellyfin" else "Add", role="button")
                    self.look(reel, f"add-{kind.lower()}")
                reel.press("Escape")
                gone = {"Folder": "Name", "Jellyfin": "Server address", "Plex": "Sign in with Plex"}
                reel.wait_gone(gone[kind])
            reel.press("ctrl+n")
            reel.wait_for("Jellyfin")
            self.look(reel, "add-source")
            reel.press("Escape")
            self.judge(reel)

    def pages(self):
        with Reel(self.name, size=self.size) as reel:
            reel.wait_for("Continue Watching", timeout=60)
            self.look(reel, "home")
            if self.narrow:
                reel.click("Back", role="button")
                self.look(reel, "sidebar")
            reel.click("Favourites", role="list item")
            self.look(reel, "favourites")
            self.library(reel, "Films", "film")
            self.library(reel, "Series", "series")
            reel.press("ctrl+f")
            reel.type_into("Search", "the")
            reel.wait_for("Films")
            self.look(reel, "search")
            reel.press("ctrl+shift+s")
            reel.wait_for("Sync Now", role="button")
            self.look(reel, "sources")
            reel.click("More Actions", role="toggle button")
            reel.wait_for(role="menu item", where=lambda node: node.label == "Turn Off")
            # A menu may reach over the window's edge: only looked at.
            time.sleep(SETTLE)
            reel.screenshot(f"{self.name}-sources-menu")
            reel.press("Escape")
            reel.press("ctrl+comma")
            reel.wait_for("Allow Relays")
            self.look(reel, "preferences")
            reel.press("Escape")
            reel.wait_gone("Allow Relays")
            row = reel.wait_for("Attic", role="list item", where=lambda node: node.description or node.centre)
            reel.point_at(row)
            reel.wait_for("Test Now", role="button")
            self.look(reel, "connections")
            self.judge(reel)

    def library(self, reel, library, kind):
        if self.narrow:
            reel.click("Back", role="button")
        reel.click(library, role="list item")
        card = reel.wait_for(where=lambda node: node.role in ("list item", "table cell", "grid cell") and node.centre and "," in node.name)
        self.look(reel, f"library-{kind}")
        reel.point_at(card)
        reel.wait_for("Watched", role="toggle button")
        self.look(reel, f"details-{kind}")
        if kind == "film":
            reel.click(role="button", contains="Play")
            slider = reel.wait_for("Position", role="slider", timeout=60)
            wait_until("a position", lambda: slider.value, timeout=60)
            self.look(reel, "player")
            reel.press("Escape")
            reel.wait_for("Watched", role="toggle button")
        reel.click("Back", role="button")
        reel.wait_gone("Watched", role="toggle button")
        time.sleep(SETTLE)


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "360x720").split("x")
    tour = Tour((int(width), int(height)))
    tour.first_run()
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        tour.pages()
    if tour.wide:
        sys.exit("wider than the window:\n" + "\n".join(dict.fromkeys(tour.wide)))
    print(f"{tour.name}: nothing is wider than the window")


if __name__ == "__main__":
    sys.exit(main())
