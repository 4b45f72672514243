// Drives the testbed's Jellyfin with the official client library.
//
// Usage: node jellyfin_check.mjs READY_FILE

import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { Jellyfin } from '@jellyfin/sdk';
import { getItemsApi } from '@jellyfin/sdk/lib/utils/api/items-api.js';
import { getMediaInfoApi } from '@jellyfin/sdk/lib/utils/api/media-info-api.js';
import { getPlaystateApi } from '@jellyfin/sdk/lib/utils/api/playstate-api.js';
import { getSessionApi } from '@jellyfin/sdk/lib/utils/api/session-api.js';
import { getSystemApi } from '@jellyfin/sdk/lib/utils/api/system-api.js';
import { getTvShowsApi } from '@jellyfin/sdk/lib/utils/api/tv-shows-api.js';
import { getUserApi } from '@jellyfin/sdk/lib/utils/api/user-api.js';
import { getUserLibraryApi } from '@jellyfin/sdk/lib/utils/api/user-library-api.js';
import { getUserViewsApi } from '@jellyfin/sdk/lib/utils/api/user-views-api.js';

const TICKS_PER_SECOND = 10_000_000;
// Films shorter than this may have rules of their own for positions.
const LONG_FILM = 30 * 60 * TICKS_PER_SECOND;
let failed = 0;

/** Prints the outcome of one assertion and counts a failure. */
function check(what, condition, seen) {
  console.log(`${condition ? 'ok  ' : 'FAIL'} jellyfin: ${what}${condition ? '' : ` (seen: ${JSON.stringify(seen)})`}`);
  failed += condition ? 0 : 1;
}

/** The status of a request that has to fail; 0 when it did not. */
async function refused(action) {
  try {
    await action();
    return 0;
  } catch (error) {
    return error.response?.status ?? -1;
  }
}

/** Public facts, the wrong password, signing in. Gives the client with its token. */
async function signIn(ready) {
  const jellyfin = new Jellyfin({
    clientInfo: { name: 'Conformance check', version: '1.0' },
    deviceInfo: { name: 'Büro "2", left', id: randomUUID() },
  });
  const api = jellyfin.createApi(ready.jellyfin_url);
  const info = (await getSystemApi(api).getPublicSystemInfo()).data;
  check('the server names itself', info.Id && info.Version && info.ProductName === 'Jellyfin Server', info);
  const credentials = (Pw) => ({ authenticateUserByName: { Username: ready.jellyfin_username, Pw } });
  const wrong = await refused(() => getUserApi(api).authenticateUserByName(credentials('wrong')));
  check('a wrong password is refused', wrong === 401, wrong);
  const early = await refused(() => getUserApi(api).getCurrentUser());
  check('nothing is told without a token', early === 401, early);
  const session = (await getUserApi(api).authenticateUserByName(credentials(ready.jellyfin_password))).data;
  check('the right one gives a token', session.AccessToken && session.User.Id && session.ServerId === info.Id, session);
  return { api: jellyfin.createApi(ready.jellyfin_url, session.AccessToken), userId: session.User.Id };
}

/** Views, films in pages and orders; gives the views and a long film that was not watched. */
async function checkFilms({ api, userId }) {
  const views = (await getUserViewsApi(api).getUserViews({ userId })).data.Items;
  const films = views.find((view) => view.CollectionType === 'movies');
  check('there is a library of films', films?.Id, views);
  const query = { userId, parentId: films.Id, recursive: true, includeItemTypes: ['Movie'], sortBy: ['SortName'] };
  const all = (await getItemsApi(api).getItems(query)).data;
  check('it has films', all.Items.length > 5, all.Items.length);
  const pages = [];
  for (let startIndex = 0; startIndex < all.Items.length; startIndex += 3) {
    const page = (await getItemsApi(api).getItems({ ...query, startIndex, limit: 3 })).data;
    check('a page tells the whole count', page.TotalRecordCount === all.Items.length, page.TotalRecordCount);
    pages.push(...page.Items);
  }
  const ids = (items) => items.map((item) => item.Id).join();
  check('pages of three give the same films', ids(pages) === ids(all.Items));
  const order = { sortBy: ['DateCreated'], sortOrder: ['Descending'], fields: ['DateCreated'] };
  const dates = (await getItemsApi(api).getItems({ ...query, ...order })).data.Items.map((item) => item.DateCreated);
  check('newest first is newest first', dates.join() === dates.toSorted().toReversed().join(), dates);
  const unplayed = (await getItemsApi(api).getItems({ ...query, filters: ['IsUnplayed'] })).data.Items;
  const played = (await getItemsApi(api).getItems({ ...query, filters: ['IsPlayed'] })).data.Items;
  check('played and unplayed make all', unplayed.length + played.length === all.Items.length, [unplayed.length, played.length]);
  return { film: unplayed.find((item) => !item.UserData.PlaybackPositionTicks && item.RunTimeTicks > LONG_FILM), views };
}

/** Details, streams, bytes and the picture of a film. */
async function checkDetails({ api, userId }, film) {
  const details = (await getUserLibraryApi(api).getItem({ userId, itemId: film.Id })).data;
  check('details have sources and people', details.MediaSources?.length > 0 && details.People?.length > 0, details);
  const info = (await getMediaInfoApi(api).getPostedPlaybackInfo({
    itemId: film.Id, userId, playbackInfoDto: { UserId: userId, EnableDirectPlay: true },
  })).data;
  const source = info.MediaSources[0];
  check('playback has a session and a source', info.PlaySessionId && source.SupportsDirectPlay, info);
  const types = source.MediaStreams.map((stream) => stream.Type);
  check('the source has picture and sound', types.includes('Video') && types.includes('Audio'), types);
  const url = api.getUri(`/Videos/${film.Id}/stream`, { static: true, mediaSourceId: source.Id });
  const reply = await fetch(url, { headers: { Authorization: api.authorizationHeader, Range: 'bytes=0-99' } });
  const bytes = (await reply.arrayBuffer()).byteLength;
  check('a range of the file is a range', reply.status === 206 && bytes === 100, [reply.status, bytes]);
  const picture = await fetch(api.getUri(`/Items/${film.Id}/Images/Primary`, { tag: film.ImageTags.Primary, maxWidth: 200 }));
  check('the poster is a picture', picture.headers.get('content-type')?.startsWith('image/'), picture.status);
  await picture.arrayBuffer();
  const gone = await refused(() => getUserLibraryApi(api).getItem({ userId, itemId: randomUUID() }));
  check('what is not there is not found', gone === 404, gone);
  return { playSessionId: info.PlaySessionId, mediaSourceId: source.Id };
}

/** Series, seasons, episodes, Next Up. */
async function checkSeries({ api, userId }, views) {
  const library = views.find((view) => view.CollectionType === 'tvshows');
  const query = { userId, parentId: library.Id, recursive: true, includeItemTypes: ['Series'] };
  const series = (await getItemsApi(api).getItems(query)).data.Items;
  check('there are series', series.length > 1, series.length);
  const shows = getTvShowsApi(api);
  const seasons = (await shows.getSeasons({ userId, seriesId: series[0].Id })).data.Items;
  const episodes = (await shows.getEpisodes({ userId, seriesId: series[0].Id })).data.Items;
  check('a series has seasons and episodes', seasons.length > 0 && episodes.length >= seasons.length, seasons.length);
  const known = episodes.every((episode) => episode.SeriesId === series[0].Id && episode.SeriesName === series[0].Name);
  check('episodes know their series', known, episodes[0]);
  const next = (await shows.getNextUp({ userId })).data.Items;
  check('Next Up has episodes', next.every((item) => item.Type === 'Episode'), next);
}

/** Played, unplayed, favourite, and the reports of a playback. */
async function checkMarks({ api, userId }, film, session) {
  const state = async () => (await getUserLibraryApi(api).getItem({ userId, itemId: film.Id })).data.UserData;
  const marks = getPlaystateApi(api);
  await marks.markPlayedItem({ userId, itemId: film.Id });
  check('a film marked as played is played', (await state()).Played === true, await state());
  await marks.markUnplayedItem({ userId, itemId: film.Id });
  check('and can be marked as unplayed', (await state()).Played === false, await state());
  await getUserLibraryApi(api).markFavoriteItem({ userId, itemId: film.Id });
  check('a favourite is a favourite', (await state()).IsFavorite === true, await state());
  await getUserLibraryApi(api).unmarkFavoriteItem({ userId, itemId: film.Id });
  const middle = Math.round(film.RunTimeTicks / 2);
  const report = { ItemId: film.Id, MediaSourceId: session.mediaSourceId, PlaySessionId: session.playSessionId, CanSeek: true, PlayMethod: 'DirectPlay' };
  await marks.reportPlaybackStart({ playbackStartInfo: { ...report, PositionTicks: 0 } });
  await marks.reportPlaybackProgress({ playbackProgressInfo: { ...report, PositionTicks: middle, IsPaused: false } });
  await marks.reportPlaybackStopped({ playbackStopInfo: { ...report, PositionTicks: middle + TICKS_PER_SECOND } });
  const position = (await state()).PlaybackPositionTicks;
  check('a stopped playback keeps the position', position === middle + TICKS_PER_SECOND, position);
  const resume = (await getItemsApi(api).getResumeItems({ userId, mediaTypes: ['Video'] })).data.Items;
  check('and the film can be resumed', resume.some((item) => item.Id === film.Id), resume.length);
  const wrong = await refused(() => marks.markPlayedItem({ userId, itemId: randomUUID() }));
  check('a mark on nothing is refused', wrong === 404, wrong);
  await marks.markUnplayedItem({ userId, itemId: film.Id });
}

/** What the app has left at the server. */
async function checkWritten({ api, userId }, written) {
  const state = async (itemId) => (await getUserLibraryApi(api).getItem({ userId, itemId })).data.UserData;
  const [left, seen, loved] = await Promise.all([state(written.left), state(written.seen), state(written.loved)]);
  const ticks = written.place * TICKS_PER_SECOND;
  check('the place that the app left', left.PlaybackPositionTicks === ticks, left.PlaybackPositionTicks);
  check('what the app marked is watched', seen.Played === true && seen.PlayCount === 1, seen);
  check('what the app made a favourite is one', loved.IsFavorite === true, loved);
}

const ready = JSON.parse(await readFile(process.argv[2], 'utf8'));
const client = await signIn(ready);
const { film, views } = await checkFilms(client);
const session = await checkDetails(client, film);
await checkSeries(client, views);
const written = JSON.parse(await readFile(process.argv[3], 'utf8'));
await checkWritten(client, written.jellyfin);
await checkMarks(client, film, session);
await getSessionApi(client.api).reportSessionEnded();
const dead = await refused(() => getUserApi(client.api).getCurrentUser());
check('after signing out the token is dead', dead === 401, dead);
if (failed > 0) {
  console.error(`jellyfin: ${failed} failed`);
  process.exitCode = 1;
}
