import { afterEach, describe, expect, it } from 'vitest';
import { WattloopError } from '../../base/index.js';
import { type GridAnswer, type GridRequest, GridServer, PassingClock } from '../testing/grid-server.js';
import { ElectricityMaps } from './electricity-maps.js';

const TOKEN = 'secret-token-4711';
const NOON = Date.UTC(2026, 2, 1, 12) / 1e3;
const iso = (seconds: number): string => new Date(seconds * 1e3).toISOString();

/** A point as the service documents it. */
const point = (at: number, carbonIntensity: number | null, isEstimated = false): Record<string, unknown> => ({
  zone: 'DE',
  carbonIntensity,
  datetime: iso(at),
  updatedAt: iso(at + 1800),
  createdAt: iso(at - 86_400),
  emissionFactorType: 'lifecycle',
  isEstimated,
  estimationMethod: isEstimated ? 'TIME_SLICER_AVERAGE' : null,
  temporalGranularity: 'hourly',
});

let server: GridServer | undefined;
afterEach(() => server?.stop());

async function client(
  answer: (request: GridRequest, count: number) => GridAnswer,
  timeoutSeconds = 5,
): Promise<{ maps: ElectricityMaps; clock: PassingClock; asked: GridServer['requests'] }> {
  server = new GridServer(answer);
  const clock = new PassingClock(0, NOON + 600);
  const url = `${await server.start()}/v3`;
  const maps = new ElectricityMaps({ token: TOKEN, zone: 'DE', fetch, clock, url, timeoutSeconds });
  return { maps, clock, asked: server.requests };
}

async function failure(promise: Promise<unknown>): Promise<WattloopError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WattloopError)) throw new Error('it did not fail as it should');
  expect(error.line).not.toContain(TOKEN);
  expect(error.line).not.toContain('\n');
  return error;
}

describe('Electricity Maps', () => {
  it('tells the intensity in force, for whom and how it was got', async () => {
    const { maps, asked } = await client(() => ({ body: point(NOON, 322) }));
    expect(await maps.latest()).toEqual({
      zone: 'DE',
      signal: 'average',
      provenance: 'modelled',
      method: 'Electricity Maps, flow-traced, lifecycle emissions',
      gramsPerKilowattHour: 322,
      from: NOON,
      until: NOON + 3600,
    });
    expect(asked[0]).toMatchObject({
      path: '/v3/carbon-intensity/latest',
      query: { zone: 'DE' },
      headers: { 'auth-token': TOKEN, accept: 'application/json' },
    });
  });

  it('says so when the figure is estimated', async () => {
    const { maps } = await client(() => ({ body: point(NOON, 322, true) }));
    expect(await maps.latest()).toMatchObject({
      provenance: 'estimated',
      method: expect.stringContaining('estimated (TIME_SLICER_AVERAGE)'),
    });
  });

  it('keeps an answer for as long as it holds, and asks once for all who ask at once', async () => {
    const { maps, clock, asked } = await client((_, count) => ({ body: point(NOON, count) }));
    const all = await Promise.all([maps.latest(), maps.latest(), maps.latest()]);
    expect(all.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour)).toEqual([1, 1, 1]);
    clock.advance(2900);
    expect((await maps.latest()).gramsPerKilowattHour).toBe(1);
    expect(asked.length).toBe(1);
    clock.advance(200);
    expect((await maps.latest()).gramsPerKilowattHour).toBe(2);
    // The hour is over, and the service has nothing newer: a minute passes before it is asked again.
    clock.advance(59);
    await maps.latest();
    expect(asked.length).toBe(2);
    clock.advance(2);
    await maps.latest();
    expect(asked.length).toBe(3);
  });

  it('gives the last day, in order, with what is missing missing', async () => {
    const list = [point(NOON, 300, true), point(NOON - 7200, 100), point(NOON - 3600, null)];
    const { maps, asked } = await client(() => ({ body: { zone: 'DE', history: list } }));
    const history = await maps.history(NOON - 7200, NOON + 600);
    expect([...history.t]).toEqual([NOON - 7200, NOON - 3600, NOON]);
    expect([...history.gramsPerKilowattHour]).toEqual([100, Number.NaN, 300]);
    expect(history).toMatchObject({ lastHoldsSeconds: 3600, provenance: 'estimated', zone: 'DE' });
    expect(asked.map(({ path }) => path)).toEqual(['/v3/carbon-intensity/history']);
  });

  it('gives only what is asked for, and the hour that was running when it began', async () => {
    const list = [-3, -2, -1, 0].map((hours) => point(NOON + hours * 3600, 100 + hours));
    const { maps } = await client(() => ({ body: { zone: 'DE', history: list } }));
    const { t } = await maps.history(NOON - 7200 + 60, NOON);
    expect([...t]).toEqual([NOON - 7200, NOON - 3600]);
  });

  it('asks for older times in pieces that the service gives', async () => {
    const { maps, asked } = await client(({ query }) => ({
      body: { zone: 'DE', data: [point(Date.parse(query.start ?? '') / 1e3, 50)] },
    }));
    const days = 86_400;
    const history = await maps.history(NOON - 25 * days, NOON - 2 * days);
    expect(asked.map(({ path }) => path)).toEqual(Array(3).fill('/v3/carbon-intensity/past-range'));
    expect(asked[0]?.query).toEqual({ zone: 'DE', start: iso(NOON - 25 * days), end: iso(NOON - 15 * days) });
    expect(asked[2]?.query.end).toBe(iso(NOON - 2 * days));
    expect([...history.t]).toEqual([25, 15, 5].map((ago) => NOON - ago * days));
  });

  it('says in one line that the token is bad, and does not send it again at once', async () => {
    const { maps, clock, asked } = await client(() => ({
      status: 401,
      body: { error: `Invalid auth-token ${TOKEN}` },
    }));
    const error = await failure(maps.latest());
    expect(error.code).toBe('permission_denied');
    expect(error.message).toBe(
      'Electricity Maps refused the token for the zone DE (status 401: Invalid auth-token …)',
    );
    expect(error.remedy).toContain('carbon.electricity_maps.token');
    await failure(maps.latest());
    expect(asked.length).toBe(1);
    clock.advance(301);
    await failure(maps.latest());
    expect(asked.length).toBe(2);
  });

  it.each([
    [404, { error: 'Zone "DE" does not exist' }, 'not_found', 'knows no zone DE'],
    [400, { message: 'Invalid zone' }, 'not_found', 'knows no zone DE'],
    [
      200,
      { status: 'no-data', message: 'No recent data' },
      'source_unavailable',
      'no carbon intensity of the zone DE',
    ],
    [200, point(NOON, null), 'source_unavailable', 'no carbon intensity of the zone DE'],
    [200, { zone: 'DE' }, 'source_failed', 'the answer is not what its API promises'],
    [200, '<html>login</html>', 'source_failed', 'the answer is not what its API promises'],
    [418, {}, 'source_failed', 'status 418'],
  ])('makes one clear error of status %i and %j', async (status, body, code, message) => {
    const { maps, asked } = await client(() => ({ status, body }));
    const error = await failure(maps.latest());
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.remedy).toBeTruthy();
    expect(asked.length).toBe(1);
  });

  it('asks a busy service again after the pause that it wants', async () => {
    const { maps, clock } = await client((_, count) =>
      count === 1
        ? { status: 429, headers: { 'Retry-After': '7' } }
        : count === 2
          ? { status: 503, headers: { 'Retry-After': new Date((NOON + 600 + 7 + 5) * 1e3).toUTCString() } }
          : { body: point(NOON, 200) },
    );
    expect((await maps.latest()).gramsPerKilowattHour).toBe(200);
    expect(clock.pauses).toEqual([7, 5]);
  });

  it('gives up on one that stays broken, after pauses that double, and asks anew when asked anew', async () => {
    const { maps, clock, asked } = await client((_, count) =>
      count <= 3 ? { status: 502, body: 'Bad Gateway' } : { body: point(NOON, 1) },
    );
    const error = await failure(maps.latest());
    expect(error).toMatchObject({ code: 'source_failed' });
    expect(error.message).toMatch(/\/v3\/carbon-intensity\/latest: status 502: Bad Gateway$/);
    expect(clock.pauses).toEqual([1, 2]);
    expect(asked.length).toBe(3);
    expect((await maps.latest()).gramsPerKilowattHour).toBe(1);
  });

  it('does not keep its caller waiting for a service that wants an hour', async () => {
    const { maps, clock } = await client(() => ({ status: 429, headers: { 'Retry-After': '3600' } }));
    expect((await failure(maps.latest())).remedy).toMatch(/^It asks to wait 3600 s\./);
    expect(clock.pauses).toEqual([]);
  });

  it('tells a service that never answers, and one that is not there', async () => {
    const { maps, clock } = await client(() => ({ silent: true }), 0.05);
    expect((await failure(maps.latest())).message).toContain('no answer within 0.05 s');
    expect(clock.pauses.length).toBe(2);
    await server?.stop();
    server = undefined;
    expect((await failure(maps.latest())).message).toContain('ECONNREFUSED');
  });

  it('does not follow to another address with its token', async () => {
    const { maps, asked } = await client(({ path }) =>
      path.endsWith('/elsewhere')
        ? { body: point(NOON, 1) }
        : { status: 302, headers: { Location: '/elsewhere' } },
    );
    await failure(maps.latest());
    expect(asked.some(({ path }) => path === '/elsewhere')).toBe(false);
  });
});
