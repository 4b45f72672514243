"""A film that another app marks as watched loses its mark of the unwatched in the open library, within seconds.

Run by `build-aux/test`; by hand:

    build-aux/platform cargo build -p gnome-reel -p reel-testbed
    SESSION_KEYRING=1 build-aux/session /usr/bin/python3 tests/ui/live.py
"""

import json
import sys
import tempfile
import time
import urllib.request

from reel_ui import Reel, Testbed, add_demo, wait_until

TEST = "live"
# The promise is two seconds; a busy machine gets five times as long.
CEILING = 10


class Elsewhere:
    """Another app of the same user."""

    def __init__(self, testbed):
        self.base = testbed.jellyfin_url.rstrip("/")
        self.token = None
        account = {"Username": testbed.jellyfin_username, "Pw": testbed.jellyfin_password}
        session = self.ask("POST", "/Users/AuthenticateByName", account)
        self.token, self.user = session["AccessToken"], session["User"]["Id"]

    def ask(self, method, path, body=None):
        header = 'MediaBrowser Client="UI test", Device="Elsewhere", DeviceId="ui-test-live", Version="1"'
        if self.token:
            header += f', Token="{self.token}"'
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": header, "Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def fresh_films(self):
        query = f"/Items?userId={self.user}&recursive=true&includeItemTypes=Movie&sortBy=SortName&limit=500"
        items = self.ask("GET", query)["Items"]
        return [item for item in items if not item["UserData"]["Played"] and not item["UserData"]["PlaybackPositionTicks"]]

    def mark(self, item, watched):
        self.ask("POST" if watched else "DELETE", f"/UserPlayedItems/{item['Id']}?userId={self.user}")


def card(reel, title):
    """What the card of a film says of itself."""
    reel.root.forget()
    node = reel.find(where=lambda node: node.role in ("table cell", "list item") and node.showing and node.name.startswith(f"{title},"))
    return node.name if node else None


def main():
    with tempfile.TemporaryDirectory(prefix="reel-ui.") as folder, Testbed(folder) as testbed:
        elsewhere = Elsewhere(testbed)
        films = elsewhere.fresh_films()
        add_demo(testbed)
        with Reel(TEST) as reel:
            reel.click("Films", role="list item")
            film = wait_until("a card", lambda: next((film for film in films if card(reel, film["Name"])), None), timeout=60)
            before = card(reel, film["Name"])
            # The socket stands by now: the first pictures take longer.
            time.sleep(3)
            elsewhere.mark(film, True)
            marked = time.monotonic()
            wait_until("the card to change", lambda: card(reel, film["Name"]) not in (None, before), timeout=CEILING)
            watched = card(reel, film["Name"])
            first = time.monotonic() - marked
            reel.screenshot(TEST)
            elsewhere.mark(film, False)
            wait_until("the card to change back", lambda: card(reel, film["Name"]) == before, timeout=CEILING)
            print(f"{TEST}: {before!r} became {watched!r} after {first:.1f} s, and back")


if __name__ == "__main__":
    sys.exit(main())
