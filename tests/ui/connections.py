"""Switches a demo server off and on, and sees icon, banner, toast and the page of its connections follow.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/connections.py
"""

import subprocess
import sys
import tempfile
import time

from reel_ui import BINARIES, Reel, Testbed, add_demo, wait_until

TEST = "connections"
# Jellyfin's name in the demo.
NAME = "Attic"
BANNER = f"{NAME} is offline. You are seeing your saved library."
# Seconds until a loss is confirmed by two looks, and until a return is noticed while the window is looked at.
LOSS = 60
RETURN = 45


def switch(folder, name, state):
    command = [BINARIES / "reel-testbed", "switch", "--ready-file", f"{folder}/ready.json", name, state]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def icon(reel):
    """The sentence on the icon beside the source's name in the sidebar."""
    node = reel.find(role="image", contains=f"{NAME}: ")
    return node.name if node else ""


def wait_for_icon(reel, words, timeout):
    return wait_until(f"the icon to say {words!r}", lambda: words in icon(reel) and icon(reel), timeout)


def said(reel, text):
    """How often a text stands on the screen."""
    reel.root.forget()
    return sum(1 for _, node in reel.root.walk() if node.showing and node.role == "label" and node.name == text)


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        add_demo(testbed)
        with Reel(TEST) as reel:
            first = wait_for_icon(reel, "connected", RETURN)
            assert "ms" in first, first
            assert reel.find(contains="is lost") is None, "a toast at the start"
            reel.click("Films", role="list item")
            reel.wait_for(where=lambda node: node.role in ("table cell", "list item") and "," in node.name)

            switch(folder, "jellyfin", "off")
            lost = time.monotonic()
            wait_for_icon(reel, "offline since", LOSS)
            reel.wait_for(f"The connection to {NAME} is lost")
            reel.screenshot(f"{TEST}-offline")
            wait_until("the banner", lambda: said(reel, BANNER) == 1)
            assert reel.find("Retry", role="button"), "no way to try again"
            assert reel.find(where=lambda node: node.role == "table cell"), "the saved library is not shown"
            time.sleep(8)
            assert said(reel, f"The connection to {NAME} is lost") <= 1, "said twice"

            switch(folder, "jellyfin", "on")
            back = time.monotonic()
            reel.click("Retry", role="button")
            wait_for_icon(reel, "connected", RETURN)
            reel.wait_for(f"{NAME} is connected again")
            wait_until("the banner to go", lambda: said(reel, BANNER) == 0)
            print(f"{TEST}: lost after {back - lost:.0f} s with toast and banner, back at once on Retry")

            reel.press("ctrl+shift+s")
            reel.point_at(reel.wait_for(NAME, role="list item", where=lambda node: node.centre and node.centre[0] > 300))
            reel.wait_for("Test Now", role="button")
            reel.wait_for("In Use")
            reel.screenshot(f"{TEST}-page")
            switch(folder, "jellyfin", "off")
            reel.click("Test Now", role="button")
            reel.wait_for(contains="No server is running at this address.", timeout=RETURN)
            reel.screenshot(f"{TEST}-page-off")

            # A dead sign-in: said once, and its button leads to the form with everything but the password.
            switch(folder, "jellyfin", "on")
            wait_for_icon(reel, "connected", RETURN)
            switch(folder, "jellyfin", "sign-out")
            reel.press("ctrl+r")
            wait_for_icon(reel, "sign in needed", RETURN)
            reel.wait_for(f"{NAME} asks to sign in again")
            reel.screenshot(f"{TEST}-sign-in")
            reel.click("Sign In", role="button")
            reel.type_into("Password", testbed.jellyfin_password)
            reel.wait_for("User name")
            reel.screenshot(f"{TEST}-sign-in-form")
            form = reel.wait_for(role="dialog")
            button = next(node for _, node in form.walk() if node.role == "button" and node.name == "Sign In")
            button.act()
            wait_for_icon(reel, "connected", RETURN)
            print(f"{TEST}: signed in again")


if __name__ == "__main__":
    sys.exit(main())
