"""From an empty app to a playing film: adds a Jellyfin through the dialog, opens a film, plays it.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/first_film.py
"""

import json
import sys
import tempfile
import urllib.request

from reel_ui import Reel, Testbed, wait_until

TEST = "first_film"


def films(testbed):
    """Titles of films that nobody has begun, asked from the server itself."""
    client = 'MediaBrowser Client="UI test", Device="UI test", DeviceId="ui-test", Version="1"'

    def ask(path, token=None, body=None):
        header = client + (f', Token="{token}"' if token else "")
        request = urllib.request.Request(
            testbed.jellyfin_url.rstrip("/") + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": header, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    account = {"Username": testbed.jellyfin_username, "Pw": testbed.jellyfin_password}
    session = ask("/Users/AuthenticateByName", body=account)
    query = f"/Items?userId={session['User']['Id']}&recursive=true&includeItemTypes=Movie&limit=500"
    items = ask(query, token=session["AccessToken"])["Items"]
    fresh = [item for item in items if not item["UserData"]["Played"] and not item["UserData"]["PlaybackPositionTicks"]]
    return [item["Name"] for item in fresh]


def add_jellyfin(reel, testbed):
    reel.click("Add Jellyfin")
    reel.type_into("Server address", testbed.jellyfin_url)
    reel.click("Continue", role="button")
    reel.click(testbed.jellyfin_username, role="list item")
    reel.type_into("Password", testbed.jellyfin_password)
    reel.click("Sign In", role="button")


def open_film(reel, titles):
    """Opens the first film of `titles` that has a poster on the screen."""

    def card():
        return reel.find(where=lambda node: node.usable and node.centre and _names_one_of(node, titles))

    node = wait_until("a poster", card, timeout=60)
    reel.screenshot(f"{TEST}-posters")
    title = next(title for title in titles if title in node.name)
    if not node.act():
        reel.point_at(node)
    reel.wait_for("Play", role="button", timeout=30)
    return title


def _names_one_of(node, titles):
    role = node.role
    if role in ("label", "static", "heading", "image", "frame", "window", "application"):
        return False
    name = node.name
    return any(name == title or name.startswith(f"{title},") or name.startswith(f"{title} (") for title in titles)


def play(reel):
    """Plays the film that is open; returns two positions, in seconds, at least two apart."""
    reel.click("Play", role="button")
    slider = reel.wait_for("Position", role="slider", timeout=60)
    first = wait_until("a position", lambda: slider.value, timeout=30)
    second = wait_until("the position to advance", lambda: slider.value >= first + 2 and slider.value, timeout=30)
    reel.screenshot(f"{TEST}-playing")
    return first, second


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        titles = films(testbed)
        with Reel(TEST) as reel:
            add_jellyfin(reel, testbed)
            title = open_film(reel, titles)
            first, second = play(reel)
            print(f"{TEST}: {title!r} plays, from {first:.1f} s to {second:.1f} s")
        secret = testbed.jellyfin_password.encode()
        assert secret not in reel.log_path.read_bytes(), f"the password is in {reel.log_path}"


if __name__ == "__main__":
    sys.exit(main())
