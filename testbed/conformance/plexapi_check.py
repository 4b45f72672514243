"""Drives the testbed's Plex Media Server and plex.tv with PlexAPI.

Usage: plexapi_check.py READY_FILE
"""

import json
import sys
import urllib.request

from plexapi.exceptions import NotFound, Unauthorized
from plexapi.myplex import MyPlexAccount, MyPlexPinLogin, MyPlexResource, MyPlexUser
from plexapi.server import PlexServer

# Films shorter than this may have rules of their own for positions, in ms.
LONG_FILM = 30 * 60 * 1000

failures = []


def check(what, condition, seen=None):
    """Prints the outcome of one assertion and remembers a failure."""
    print(f"{'ok  ' if condition else 'FAIL'} plex: {what}" + ("" if condition else f" (seen: {seen!r})"))
    if not condition:
        failures.append(what)


def raises(kind, action):
    """Whether the action fails with this kind of error."""
    try:
        action()
    except kind:
        return True
    return False


def check_connection(url, token):
    """Identity, the wrong token, the sections; gives the server."""
    check("a wrong token is refused", raises(Unauthorized, lambda: PlexServer(url, "wrong-token")))
    server = PlexServer(url, token)
    check("the server names itself", bool(server.machineIdentifier and server.friendlyName and server.version))
    identity = server.identity()
    check("identity agrees", identity.machineIdentifier == server.machineIdentifier, identity.machineIdentifier)
    return server


def check_films(section):
    """Listing, paging, orders, filters and details of films; gives a long one that was not watched."""
    films = section.all()
    check("films are listed", len(films) > 5, len(films))
    check("the count agrees with the list", section.totalSize == len(films), section.totalSize)
    small_pages = section.search(libtype="movie", container_size=3)
    check("pages of three give the same films", [f.ratingKey for f in small_pages] == [f.ratingKey for f in films])
    newest = [film.addedAt for film in section.search(sort="addedAt:desc")]
    check("newest first is newest first", newest == sorted(newest, reverse=True))
    unwatched = section.search(unwatched=True)
    watched = [film for film in films if film.viewCount]
    check("unwatched and watched make all", len(unwatched) + len(watched) == len(films), (len(unwatched), len(watched)))
    film = next(film for film in unwatched if not film.viewOffset and film.duration > LONG_FILM)
    film.reload()
    part = film.media[0].parts[0]
    check("details have a file with picture and sound", bool(part.videoStreams() and part.audioStreams()))
    check("details have the ids of databases", any(guid.id.startswith("imdb://") for guid in film.guids), film.guids)
    check("details have people", bool(film.roles and film.roles[0].tag), film.roles)
    check("a title is found in its section", film.ratingKey in [f.ratingKey for f in section.search(title=film.title)])
    check("what is not there is not found", raises(NotFound, lambda: section.fetchItem(99999999)))
    return film


def check_series(section):
    """Shows, seasons, episodes; gives an episode that was not watched."""
    shows = section.all()
    check("series are listed", len(shows) > 1, len(shows))
    show = shows[0]
    seasons = show.seasons()
    check("a series has seasons", len(seasons) == show.childCount, (len(seasons), show.childCount))
    episodes = show.episodes()
    check("a series has episodes", len(episodes) == show.leafCount, (len(episodes), show.leafCount))
    by_season = [episode for season in seasons for episode in season.episodes()]
    check("its seasons have the same", sorted(e.ratingKey for e in by_season) == sorted(e.ratingKey for e in episodes))
    episode = episodes[0]
    check("an episode knows its series", episode.grandparentTitle == show.title, episode.grandparentTitle)
    check("an episode knows its number", episode.seasonNumber is not None and episode.index is not None)
    everything = section.searchEpisodes()
    check("all episodes come flat", len(everything) == sum(s.leafCount for s in shows), len(everything))
    return next(episode for episode in everything if not episode.viewCount and not episode.viewOffset)


def check_search(server, film):
    """Search over all libraries."""
    found = server.search(film.title, limit=20)
    keys = [getattr(item, "ratingKey", None) for item in found]
    check("search finds a film by its title", film.ratingKey in keys, found)


def check_marks(server, film, episode):
    """Played, unplayed, positions, ratings, Continue Watching."""
    film.markPlayed()
    film.reload()
    check("a film marked as played is played", film.isPlayed and film.viewCount == 1, film.viewCount)
    film.markUnplayed()
    film.reload()
    check("and can be marked as unplayed", not film.isPlayed, film.viewCount)
    season = episode.season()
    season.markPlayed()
    season.reload()
    check("a season marked as played is played", season.viewedLeafCount == season.leafCount, season.viewedLeafCount)
    season.markUnplayed()
    film.updateTimeline(600_000, state="playing")
    film.updateTimeline(615_000, state="stopped")
    film.reload()
    check("a timeline report keeps the position", film.viewOffset == 615_000, film.viewOffset)
    ongoing = server.continueWatching()
    check("and puts the film first in Continue Watching", ongoing[0].ratingKey == film.ratingKey, ongoing)
    check("and on deck", film.ratingKey in [item.ratingKey for item in server.library.onDeck()])
    film.updateProgress(660_000)
    film.reload()
    check("a position can be set without playing", film.viewOffset == 660_000, film.viewOffset)
    film.rate(8)
    film.reload()
    check("a rating is kept", film.userRating == 8, film.userRating)
    film.updateTimeline(film.duration - 1000, state="stopped")
    film.reload()
    check("a stop at the end counts as played", film.isPlayed and not film.viewOffset, film.viewOffset)
    film.markUnplayed()


def check_bytes(server, film, token):
    """The file in ranges, the poster."""
    part = film.media[0].parts[0]
    request = urllib.request.Request(server.url(part.key), headers={"X-Plex-Token": token, "Range": "bytes=0-99"})
    with urllib.request.urlopen(request) as reply:
        check("a range of the file is a range", reply.status == 206 and len(reply.read()) == 100, reply.status)
    with urllib.request.urlopen(film.thumbUrl) as reply:
        check("the poster is a picture", reply.headers["Content-Type"].startswith("image/"), reply.headers["Content-Type"])
    with urllib.request.urlopen(server.transcodeImage(film.thumb, 120, 180)) as reply:
        check("the poster comes in a size", reply.headers["Content-Type"].startswith("image/"))


def use_other_tv(url):
    """Points PlexAPI at another plex.tv."""
    MyPlexAccount.key = f"{url}/api/v2/user"
    MyPlexAccount.HOMEUSERS = f"{url}/api/home/users"
    MyPlexAccount.SIGNOUT = f"{url}/api/v2/users/signout"
    MyPlexResource.key = f"{url}/api/v2/resources?includeHttps=1&includeRelay=1&includeIPv6=1"
    MyPlexPinLogin.PINS = f"{url}/api/v2/pins"


def check_account(url, server):
    """Sign-in by PIN, the account, its Home, its servers, signing out."""
    use_other_tv(url)
    check("a wrong account token is refused", raises(Unauthorized, lambda: MyPlexAccount(token="wrong-token")))
    login = MyPlexPinLogin(oauth=True)
    check("a PIN gives a place to sign in", "code=" in login.oauthUrl())
    check("the demonstration approves it", login.checkLogin() and bool(login.token))
    account = MyPlexAccount(token=login.token)
    check("the token opens the account", bool(account.username and account.uuid and account.id))
    resource = account.resource(server.machineIdentifier)
    check("the account has the server", "server" in resource.provides and bool(resource.connections))
    check("the server's token is not the account's", resource.accessToken and resource.accessToken != login.token)
    connected = [PlexServer(connection.uri, resource.accessToken) for connection in resource.connections]
    identifiers = {found.machineIdentifier for found in connected}
    check("every connection leads to the server", identifiers == {server.machineIdentifier}, identifiers)
    home = account.findItems(account.query(MyPlexAccount.HOMEUSERS), cls=MyPlexUser)
    check("the Home has the account", account.id in [user.id for user in home], home)
    switched = account.switchHomeUser(next(user for user in home if user.id == account.id))
    check("switching to oneself works", switched.id == account.id, switched.id)
    account.signout()
    check("after signing out the token is dead", raises(Unauthorized, lambda: MyPlexAccount(token=login.token)))


def check_written(server, written):
    """What the app has left at the server."""
    left, seen, loved = (server.fetchItem(int(written[name])) for name in ("left", "seen", "loved"))
    check("the place that the app left", left.viewOffset == written["place"] * 1000, left.viewOffset)
    check("what the app marked is watched", seen.isPlayed and seen.viewCount == 1, seen.viewCount)
    check("what the app rated has the stars", loved.userRating == written["stars"] * 2, loved.userRating)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        ready = json.load(file)
    server = check_connection(ready["plex_url"], ready["plex_token"])
    sections = server.library.sections()
    film_section = next(section for section in sections if section.type == "movie")
    series_section = next(section for section in sections if section.type == "show")
    film = check_films(film_section)
    episode = check_series(series_section)
    check_search(server, film)
    with open(sys.argv[2], encoding="utf-8") as file:
        check_written(server, json.load(file)["plex"])
    check_marks(server, film, episode)
    check_bytes(server, film, ready["plex_token"])
    check_account(ready["plex_tv_url"], server)
    if failures:
        print(f"plex: {len(failures)} failed", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
