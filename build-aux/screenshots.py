"""Walks through the demo and takes the pictures of one size and style. Called by `screenshots`."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "ui"))

from reel_ui import FRAME, Reel, Testbed, add_demo  # noqa: E402

# Seconds for pictures to be there and transitions to end.
SETTLE = 3

# The series and the film that are shown.
SERIES = "Tidewater"
FILM = "The Lantern Keeper"


class Album:
    """Where pictures go, and from where."""

    def __init__(self, reel, size, folder):
        self.reel, self.size, self.folder = reel, size, folder

    def take(self, name):
        # The pointer would light up what it lies on.
        corner = [str(pixels - 1) for pixels in self.size]
        subprocess.run(["xdotool", "mousemove", *corner], check=True)
        time.sleep(SETTLE)
        shutil.copy(self.reel.screenshot(f"screenshots-{name}"), self.folder / f"{name}.png")
        (self.folder / f"{name}.png.size").write_text("x".join(map(str, self.size)))


def open_card(reel, library, title):
    reel.click(library, role="list item")
    card = reel.wait_for(where=lambda node: "," in node.name and node.name.startswith(title) and node.centre)
    return card


def light(reel, album):
    album.take("home")
    card = open_card(reel, "Series", SERIES)
    reel.point_at(card)
    reel.wait_for("Watched", role="toggle button")
    album.take("series")
    open_card(reel, "Films", FILM)
    album.take("library")


def dark(reel, album):
    reel.point_at(open_card(reel, "Films", FILM))
    reel.wait_for("Watched", role="toggle button")
    album.take("film-dark")
    reel.press("ctrl+shift+s")
    reel.wait_for("Sync Now", role="button")
    reel.point_at(reel.wait_for("Attic", role="list item", where=lambda node: node.description or node.centre))
    reel.click("Test Now", role="button")
    album.take("connections-dark")


def narrow(_, album):
    album.take("home-narrow")


def main():
    width, height = map(int, sys.argv[1].split("x"))
    walk = narrow if width < 760 else dark if sys.argv[2] == "dark" else light
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        # GTK draws a frame around the window where nobody else does: all of it lies outside of the screen.
        with Reel("screenshots", size=(width + 2 * FRAME, height + 2 * FRAME)) as reel:
            reel.wait_for("Continue Watching", timeout=60)
            walk(reel, Album(reel, (width, height), pathlib.Path(sys.argv[3])))


if __name__ == "__main__":
    sys.exit(main())
