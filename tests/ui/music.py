"""Music and photos: an album plays track by track, and photos are gone through in the viewer.

Run by `build-aux/test`; by hand, also at another size:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/music.py [360x720]
"""

import sys
import tempfile
import time

from reel_ui import Reel, Testbed, add_demo, wait_until

TEST = "music"
# Seconds for pictures to come and transitions to end.
SETTLE = 1.5
# The album of the demo whose tracks are as long as the file that is served.
ALBUM, ARTIST, TRACKS = "Low Water", "The Slow Ferries", ("Salt Wind", "Pilot Light")
# A folder of photos that lies in another, and its first photos.
OUTER, FOLDER, PHOTOS = "Holidays", "A Week on the Coast", ("Ferry", "Lighthouse")


class Walk:
    """One walk at one size."""

    def __init__(self, reel, size):
        self.reel = reel
        self.narrow = size[0] < 760
        self.name = f"{TEST}-{size[0]}x{size[1]}"

    def look(self, page):
        """Keeps a picture."""
        time.sleep(SETTLE)
        self.reel.screenshot(f"{self.name}-{page}")

    def go_to(self, library):
        """Opens a library of the Jellyfin, which comes first."""
        if self.narrow:
            self.reel.click("Back", role="button")
        self.reel.point_at(self.reel.wait_for(library, role="list item"))

    def open(self, name):
        """Opens the card that begins with this name."""

        def card():
            begins = lambda node: node.usable and node.centre and node.role not in ("label", "heading") and (
                node.name == name or node.name.startswith(f"{name},"))
            return self.reel.find(where=begins)

        self.reel.point_at(wait_until(f"a card for {name}", card))

    def back(self):
        self.reel.click("Back", role="button")

    def music(self):
        reel = self.reel
        self.go_to("Music")
        self.open(ALBUM)
        reel.wait_for("Shuffle", role="button")
        reel.wait_for(contains="4 tracks")
        self.look("album")
        reel.point_at(reel.wait_for(role="list item", contains=f"1. {TRACKS[0]}"))
        slider = reel.wait_for("Position", role="slider", timeout=60)
        reel.wait_for(TRACKS[0], role="label")
        wait_until("the position to advance", lambda: slider.value and slider.value >= 1, timeout=30)
        self.look("player")
        # The next follows by itself.
        reel.wait_for(TRACKS[1], role="label", timeout=60)
        reel.click("Next", role="button")
        reel.wait_for("The Keeper’s Daughter", role="label")
        reel.click("Previous", role="button")
        reel.wait_for(TRACKS[1], role="label")
        reel.press("Escape")
        reel.wait_for("Shuffle", role="button")
        reel.click(ARTIST, role="button")
        reel.wait_for("Albums")
        self.look("artist")
        self.back()
        reel.wait_for(contains="4 tracks")
        self.back()
        reel.click("Artists", role="button")
        reel.wait_for(contains="3 artists")
        self.look("artists")
        self.back()
        reel.wait_for(contains="4 titles")
        self.look("library")

    def photos(self):
        reel = self.reel
        self.go_to("Photos")
        self.look("photos")
        self.open(OUTER)
        self.open(FOLDER)
        reel.wait_for(contains="6 items")
        self.look("photo-album")
        self.open(PHOTOS[0])
        reel.wait_for("Next", role="button")
        reel.wait_for(contains="1 of 6")
        self.look("viewer")
        reel.press("Right")
        reel.wait_for(contains="2 of 6")
        reel.wait_for(PHOTOS[1], role="label")
        reel.click("Information", role="toggle button")
        reel.wait_for(contains="2400 × 1600", timeout=30)
        self.look("viewer-information")
        reel.press("i")
        for _ in range(4):
            reel.press("plus")
        self.look("viewer-near")
        reel.press("Left")
        reel.wait_for(contains="1 of 6")
        reel.press("Escape")
        reel.wait_for(contains="6 items")
        self.back()
        reel.wait_for(contains="1 item")
        self.back()
        reel.wait_for(contains="4 titles")

    def home_videos(self):
        self.go_to("Home videos")
        self.reel.wait_for(contains="Birthday")
        self.look("home-videos")




def main():
    size = tuple(int(side) for side in (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x"))
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(TEST, size=size) as reel:
            reel.wait_for(contains="Recently Added", timeout=60)
            walk = Walk(reel, size)
            walk.music()
            walk.photos()
            walk.home_videos()
            print(f"{TEST}: an album plays through, photos are gone through")


if __name__ == "__main__":
    sys.exit(main())
