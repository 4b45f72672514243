"""Plays a film that comes in 4K, chooses a lower quality in the middle, and sees that it goes on where it was.

Keeps pictures in `target/ui/`. Run by `build-aux/test`; by hand, also at another size:

    build-aux/platform cargo build --bins --workspace
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/quality.py
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/quality.py 360x720
"""

import sys
import tempfile
import time

from reel_ui import Reel, Testbed, command_line, wait_until

TEST = "quality"
# A film of the demo's Jellyfin whose better version has 68 Mbit/s.
FILM = "The Lantern Keeper"
LOWER = "4 Mbit/s, 720p"
# How far the place may move while another stream is asked for, in seconds.
LEEWAY = 8


def position(reel):
    slider = reel.wait_for("Position", role="slider", timeout=60)
    return wait_until("a position", lambda: slider.value, timeout=60)


def plays_on(reel):
    slider = reel.wait_for("Position", role="slider", timeout=60)
    first = slider.value
    wait_until("the film to go on", lambda: slider.value > first + 1, timeout=60)


def choose_quality(reel, label):
    reel.press("Shift_L")
    reel.click("Quality", role="toggle button")
    time.sleep(0.7)
    reel.screenshot(f"{reel.test}-menu")
    reel.choose(label)


def walk(reel):
    reel.press("ctrl+f")
    reel.type_into("Search", FILM)
    reel.click(role="button", contains=f"{FILM}, ")
    reel.click("Play", role="button")
    plays_on(reel)
    reel.screenshot(f"{reel.test}-original")
    before = position(reel)
    choose_quality(reel, LOWER)
    wait_until("the quality to be shown", lambda: reel.find(where=lambda node: node.description == LOWER), timeout=60)
    plays_on(reel)
    after = position(reel)
    assert before <= after <= before + LEEWAY, f"it was at {before:.1f} s and goes on at {after:.1f} s"
    reel.press("Shift_L")
    reel.screenshot(f"{reel.test}-lower")
    print(f"{TEST}: at {before:.1f} s another quality, on at {after:.1f} s")


def main():
    size = tuple(int(part) for part in sys.argv[1].split("x")) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        jellyfin = ("jellyfin", "--url", testbed.jellyfin_url, "--username", testbed.jellyfin_username)
        command_line("sources", "add", *jellyfin, "--password-file", "-", given=testbed.jellyfin_password)
        command_line("sync")
        with Reel(TEST, size=size) as reel:
            walk(reel)


if __name__ == "__main__":
    sys.exit(main())
