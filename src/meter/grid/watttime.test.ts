import { afterEach, describe, expect, it } from 'vitest';
import { WattloopError } from '../../base/index.js';
import { type GridAnswer, type GridRequest, GridServer, PassingClock } from '../testing/grid-server.js';
import { WattTime } from './watttime.js';

const PASSWORD = 'hunter-2-secret';
const NOON = Date.UTC(2026, 2, 1, 12) / 1e3;
const iso = (seconds: number): string => new Date(seconds * 1e3).toISOString();

/** An answer as the service documents it. */
const answer = (
  values: readonly (readonly [at: number, value: number | null])[],
  units = 'lbs_co2_per_mwh',
) => ({
  data: values.map(([at, value]) => ({
    point_time: iso(at),
    value,
    imputed_data_used: false,
    last_updated: iso(at + 60),
  })),
  meta: {
    data_point_period_seconds: 300,
    region: 'CAISO_NORTH',
    signal_type: 'co2_moer',
    units,
    warnings: [],
    model: { date: '2026-03-01', type: 'binned_regression' },
  },
});

let server: GridServer | undefined;
afterEach(() => server?.stop());

async function client(
  data: (request: GridRequest, count: number) => GridAnswer,
  login: (count: number) => GridAnswer = (count) => ({ body: { token: `token-${count}` } }),
): Promise<{ grid: WattTime; clock: PassingClock; logins: () => number; asked: () => GridRequest[] }> {
  const counts = { login: 0, data: 0 };
  server = new GridServer((request) =>
    request.path === '/login' ? login(++counts.login) : data(request, ++counts.data),
  );
  const clock = new PassingClock(0, NOON + 60);
  const url = await server.start();
  const grid = new WattTime({ user: 'ada', password: PASSWORD, region: 'CAISO_NORTH', fetch, clock, url });
  const { requests } = server;
  const asked = (): GridRequest[] => requests.filter(({ path }) => path !== '/login');
  return { grid, clock, logins: () => counts.login, asked };
}

async function failure(promise: Promise<unknown>): Promise<WattloopError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WattloopError)) throw new Error('it did not fail as it should');
  for (const secret of [PASSWORD, Buffer.from(`ada:${PASSWORD}`).toString('base64'), 'token-1'])
    expect(error.line).not.toContain(secret);
  return error;
}

describe('WattTime', () => {
  it('logs in and tells the marginal rate in grams', async () => {
    const { grid, asked } = await client(() => ({ body: answer([[NOON, 1000]]) }));
    const latest = await grid.latest();
    expect(latest.gramsPerKilowattHour).toBeCloseTo(453.59237, 9);
    expect(latest).toMatchObject({
      zone: 'CAISO_NORTH',
      signal: 'marginal',
      provenance: 'modelled',
      method: 'WattTime, marginal operating emissions rate, model of 2026-03-01',
      from: NOON,
      until: NOON + 300,
    });
    const [login] = server?.requests ?? [];
    expect(login?.headers.authorization).toBe(`Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}`);
    expect(asked()[0]).toMatchObject({
      path: '/v3/forecast',
      query: { region: 'CAISO_NORTH', signal_type: 'co2_moer', horizon_hours: '0' },
      headers: { authorization: 'Bearer token-1' },
    });
  });

  it('refuses a percentile for an amount', async () => {
    const { grid } = await client(() => ({ body: answer([[NOON, 37]], 'percentile') }));
    expect((await failure(grid.latest())).message).toBe(
      'WattTime answers in percentile, not in lbs_co2_per_mwh',
    );
  });

  it('keeps a figure for its five minutes', async () => {
    const { grid, clock, asked } = await client((_, count) => ({ body: answer([[NOON, count]]) }));
    await Promise.all([grid.latest(), grid.latest()]);
    clock.advance(239);
    await grid.latest();
    expect(asked().length).toBe(1);
    clock.advance(2);
    await grid.latest();
    expect(asked().length).toBe(2);
  });

  it('renews its token before it ends, and when the service says that it has', async () => {
    const { grid, clock, logins, asked } = await client(({ headers }) =>
      headers.authorization === 'Bearer token-2'
        ? { status: 401, body: { error: 'token expired' } }
        : { body: answer([[NOON, 1]]) },
    );
    await grid.latest();
    clock.advance(20 * 60);
    await grid.latest();
    expect(logins()).toBe(1);
    clock.advance(10 * 60);
    await grid.latest();
    expect(logins()).toBe(3);
    expect(asked().map(({ headers }) => headers.authorization)).toEqual(
      ['token-1', 'token-1', 'token-2', 'token-3'].map((token) => `Bearer ${token}`),
    );
  });

  it('says in one line that the password is wrong, and does not send it again at once', async () => {
    const { grid, clock, logins, asked } = await client(
      () => ({}),
      () => ({ status: 403, body: { error: 'Forbidden', message: `no user with ${PASSWORD}` } }),
    );
    const error = await failure(grid.latest());
    expect(error).toMatchObject({ code: 'permission_denied' });
    expect(error.message).toBe(
      'WattTime refused the user or the password (status 403: Forbidden: no user with …)',
    );
    await failure(grid.history(NOON - 600, NOON));
    expect([logins(), asked().length]).toEqual([1, 0]);
    clock.advance(301);
    await failure(grid.latest());
    expect(logins()).toBe(2);
  });

  it.each([
    [403, { error: 'region not in plan' }, 'permission_denied', 'does not let this user see CAISO_NORTH'],
    [401, { error: 'token expired' }, 'permission_denied', 'does not let this user see CAISO_NORTH'],
    [404, {}, 'not_found', 'knows no region CAISO_NORTH'],
    [400, { message: 'region is invalid' }, 'not_found', 'region is invalid'],
    [200, { data: [], meta: answer([]).meta }, 'source_unavailable', 'no emissions rate of CAISO_NORTH'],
    [
      200,
      { data: [{ point_time: 'soon', value: 1 }], meta: answer([]).meta },
      'source_failed',
      'not what its API promises',
    ],
    [200, 'hello', 'source_failed', 'not what its API promises'],
    [302, {}, 'source_failed', 'WattTime'],
  ])('makes one clear error of status %i and %j', async (status, body, code, message) => {
    const { grid } = await client(() => ({ status, body }));
    const error = await failure(grid.latest());
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.remedy).toBeTruthy();
  });

  it('tells a service that gives no token', async () => {
    const { grid } = await client(
      () => ({}),
      () => ({ body: { hello: 'world' } }),
    );
    expect((await failure(grid.latest())).message).toBe('WattTime gave no token (status 200)');
  });

  it('waits for a busy service', async () => {
    const { grid, clock } = await client((_, count) =>
      count === 1 ? { status: 429 } : { body: answer([[NOON, 1]]) },
    );
    await grid.latest();
    expect(clock.pauses).toEqual([1]);
  });

  it('gives what was, in pieces that the service gives, and says what was imputed', async () => {
    const day = 86_400;
    const { grid, asked } = await client(({ query }) => {
      const at = Date.parse(query.start ?? '') / 1e3;
      const body = answer([
        [at, 1000],
        [at + 300, null],
      ]);
      const [first, ...rest] = body.data;
      return { body: { ...body, data: [...rest, { ...first, imputed_data_used: true }] } };
    });
    const history = await grid.history(NOON - 40 * day, NOON);
    expect(asked().map(({ path }) => path)).toEqual(['/v3/historical', '/v3/historical']);
    expect(asked()[1]?.query).toMatchObject({ start: iso(NOON - 8 * day), end: iso(NOON) });
    expect([...history.t]).toEqual([40, 8].flatMap((ago) => [NOON - ago * day, NOON - ago * day + 300]));
    expect(history.gramsPerKilowattHour[0]).toBeCloseTo(453.59237, 9);
    expect(history.gramsPerKilowattHour[1]).toBeNaN();
    expect(history).toMatchObject({ provenance: 'estimated', lastHoldsSeconds: 300 });
    expect((await failure(grid.history(NOON, NOON))).code).toBe('bad_input');
  });
});
