"""Plays a season: skips an intro, goes from chapter to chapter, looks for a place, and goes on to what comes next.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand, also at another size:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/moments.py [360x720]
"""

import sys
import tempfile
import time

from reel_ui import Node, Reel, Testbed, _xdotool, add_demo, wait_until

TEST = "moments"
# A series of the demo's Jellyfin and one of its Plex whose episodes are as long as their files: half a minute or one.
JELLYFIN, PLEX = "Postcards", "Minute Mysteries"
# Seconds for pictures to come and transitions to end.
SETTLE = 1.2
# Where the intro of every episode ends, in seconds.
INTRO_ENDS = 15


class Walk:
    """The walk at one size."""

    def __init__(self, reel, name):
        self.reel = reel
        self.name = name

    def look(self, page):
        time.sleep(SETTLE)
        self.reel.screenshot(f"{self.name}-{page}")

    def open(self, title):
        """Opens the details of a series by the search."""
        self.reel.press("ctrl+f")
        self.reel.type_into("Search", title)
        self.reel.click(role="button", contains=f"{title}, ")
        self.reel.wait_for("Play Season", role="button")

    def slider(self):
        return self.reel.wait_for("Position", role="slider", timeout=60)

    def stir(self):
        """Moves the pointer over the picture, so that the controls are there."""
        width, height = self.reel.size
        _xdotool("mousemove", str(width // 2), str(height // 3))
        _xdotool("mousemove", str(width // 2 + 7), str(height // 3 + 5))

    def playing(self):
        """Waits until it plays; where it is."""
        slider = self.slider()
        return wait_until("a position", lambda: slider.value, timeout=60)

    def skip_intro(self):
        reel = self.reel
        reel.wait_for("Skip Intro", role="button", timeout=40)
        # While it stands still the offer stays.
        reel.press("space")
        self.look("skip")
        assert self.slider().value < INTRO_ENDS
        reel.click("Skip Intro", role="button")
        wait_until("the end of the intro", lambda: self.slider().value >= INTRO_ENDS)
        reel.wait_gone("Skip Intro", role="button")
        reel.press("space")

    def chapters(self):
        """Goes from chapter to chapter, by keys and by the menu."""
        reel = self.reel
        self.stir()
        reel.wait_for("Chapters", where=lambda node: node.usable, timeout=30)
        reel.press("greater")
        wait_until("the second chapter", lambda: self.slider().value >= 20)
        self.stir()
        reel.point_at(reel.wait_for("Chapters", where=lambda node: node.usable and node.centre))
        reel.wait_for(role="list item", contains="Middle, at")
        self.look("chapters")
        reel.point_at(reel.wait_for(role="list item", contains="Opening, at"))
        wait_until("the first chapter", lambda: self.slider().value < 10)

    def preview(self, page):
        """Looks for a place with the pointer over the seek bar, while it stands still."""
        self.reel.press("space")
        self.stir()
        x, y = wait_until("the seek bar", lambda: self.slider().centre)

        def found():
            # Where the bar says it is does not count the padding around it.
            for below in range(0, 50, 6):
                _xdotool("mousemove", str(x + below), str(y + below))
                time.sleep(0.4)
                # The text of a picture is its description.
                if self.reel.find(where=lambda node: node.description.startswith("Preview at")):
                    return True
            return False

        wait_until("a preview", found, timeout=60)
        self.look(page)
        self.stir()
        self.reel.press("space")

    def to_credits(self):
        """Goes to the last seconds; the card is there."""
        slider = self.slider()

        def near():
            if self.reel.find("Play now", role="button"):
                return True
            self.reel.press("Right")
            time.sleep(0.4)
            return False

        wait_until("the card of what comes next", near, timeout=40)
        return slider

    def queue(self):
        reel = self.reel
        self.stir()
        reel.point_at(reel.wait_for("Play Queue", where=lambda node: node.usable and node.centre))

        def removals():
            reel.root.forget()
            nodes = [node for pair in reel.root.walk() for node in pair if isinstance(node, Node)]
            return [node for node in nodes if node.name.startswith("Remove ") and node.usable]

        before = wait_until("what is to come", removals)
        self.look("queue")
        count = len(before)
        before[0].act() or reel.point_at(before[0])
        wait_until("one less", lambda: len(removals()) == count - 1)
        last = removals()[-1].name.removeprefix("Remove ")
        reel.press("Escape")
        return last


def season_of_jellyfin(walk):
    reel = walk.reel
    walk.open(JELLYFIN)
    walk.look("details")
    reel.click("Play Season", role="button")
    walk.playing()
    walk.skip_intro()
    walk.preview("preview-jellyfin")
    walk.to_credits()
    walk.look("next")
    reel.click("Play now", role="button")
    # It was begun before: it goes on where it was left.
    reel.wait_for(contains="S1 E2", timeout=30)
    walk.playing()
    # Every other file of the demo has chapters.
    walk.chapters()
    walk.queue()
    # By itself, once the ten seconds are over.
    walk.to_credits()
    reel.wait_gone("Play now", role="button", timeout=30)
    walk.playing()
    # That was the last one left: nothing is announced, and at its end the page is there again.
    reel.press("Right")
    reel.wait_for("Play Season", role="button", timeout=90)
    reel.click("Play Season", role="button")
    walk.playing()
    walk.to_credits()
    reel.click("Cancel", role="button")
    reel.wait_gone("Play now", role="button")
    # It does not come again: at the end the page is there that it was begun from.
    reel.wait_for("Play Season", role="button", timeout=40)


def season_of_plex(walk):
    reel = walk.reel
    walk.open(PLEX)
    reel.click("Shuffle Season", role="button")
    walk.playing()
    walk.preview("preview-plex")
    reel.press("s")
    reel.press("Escape")
    reel.wait_for("Play Season", role="button")


def main():
    width, height = (sys.argv[1] if len(sys.argv) > 1 else "1280x800").split("x")
    name = f"{TEST}-{width}x{height}"
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(name, size=(int(width), int(height))) as reel:
            reel.wait_for("Continue Watching", timeout=60)
            walk = Walk(reel, name)
            season_of_jellyfin(walk)
            season_of_plex(walk)
    print(f"{name}: intro skipped, chapters, previews of both servers, what comes next and the queue")


if __name__ == "__main__":
    sys.exit(main())
