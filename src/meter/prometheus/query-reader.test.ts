import { describe, expect, it } from 'vitest';
import { fixtureHost } from '../testing/tree.js';
import { queryReader } from './query-reader.js';

interface Series {
  readonly metric: Record<string, string>;
  readonly values: readonly (readonly [number, string])[];
}

/** A Prometheus whose clock is far from the host's, and whose answers the test sets. */
function server(instance?: string) {
  const host = fixtureHost({});
  host.clock.advance(1_000);
  const state = {
    now: 5_000,
    series: [] as Series[],
    expressions: [] as string[],
    raw: undefined as string | undefined,
  };
  const answer = (resultType: string, result: unknown): string =>
    JSON.stringify({ status: 'success', data: { resultType, result } });
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const expression = new URL(String(input)).searchParams.get('query') ?? '';
    state.expressions.push(expression);
    if (state.raw !== undefined) return new Response(state.raw);
    return new Response(
      expression === 'time()'
        ? answer('scalar', [state.now, String(state.now)])
        : answer('matrix', state.series),
    );
  };
  const reader = queryReader(host, {
    url: new URL('http://prometheus.test/prefix/'),
    fetch,
    timeoutSeconds: 1,
    who: 'kepler',
    prefixes: ['a_', 'b_'],
    instance,
  });
  return { host, state, reader };
}

const METRIC = { __name__: 'a_total', zone: 'package' };

describe('queryReader', () => {
  it('tells how old each sample is by the clock of the server', async () => {
    const { state, reader } = server();
    state.series = [
      {
        metric: METRIC,
        values: [
          [4_960, '1'],
          [4_990, '2.5'],
        ],
      },
    ];
    expect(await reader.read()).toEqual([
      { name: 'a_total', labels: { zone: 'package' }, value: 2.5, at: 990 },
    ]);
  });

  it('gives every sample since the last look, and the last one again while there is none', async () => {
    const { host, state, reader } = server();
    state.series = [{ metric: METRIC, values: [[4_990, '1']] }];
    await reader.read();
    host.clock.advance(20);
    state.now += 20.004;
    state.series = [
      {
        metric: METRIC,
        values: [
          [4_990, '1'],
          [5_000, '2'],
          [5_010, '3'],
        ],
      },
    ];
    expect((await reader.read()).map(({ value }) => value)).toEqual([2, 3]);
    // Answers that take a little longer or shorter must not move a sample in time.
    const [before] = (await reader.read()).map(({ at }) => at);
    state.now += 0.5;
    expect(await reader.read()).toMatchObject([{ value: 3, at: before }]);
  });

  it('takes a series that begins later from its beginning', async () => {
    const { state, reader } = server();
    await reader.read();
    state.series = [
      {
        metric: METRIC,
        values: [
          [4_998, '1'],
          [4_999, '2'],
        ],
      },
    ];
    expect((await reader.read()).map(({ value }) => value)).toEqual([1, 2]);
  });

  it('reads the numbers that JSON does not have', async () => {
    const { state, reader } = server();
    const numbers = ['NaN', '+Inf', '-Inf', '1e3', ''];
    state.series = numbers.map((text, index) => ({
      metric: { __name__: `a_${index}` },
      values: [[4_999, text]],
    }));
    const values = (await reader.read()).map(({ value }) => value);
    expect(values).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1_000,
      Number.NaN,
    ]);
  });

  it.each([
    [undefined, '{__name__=~"(a_|b_).*"}[3m]'],
    ['w"1\\', '{__name__=~"(a_|b_).*",instance="w\\"1\\\\"}[3m]'],
    ['node_name="w1",job="k"', '{__name__=~"(a_|b_).*",node_name="w1",job="k"}[3m]'],
  ])('asks for the node %j', async (instance, expression) => {
    const { state, reader } = server(instance);
    await reader.read();
    expect(state.expressions).toEqual(['time()', expression]);
  });

  it.each([
    ['<html>', /not that of Prometheus/],
    ['{"status":"success","data":{"resultType":"string","result":[1,"x"]}}', /not that of Prometheus/],
    ['{"status":"error","errorType":"timeout","error":"query timed out"}', /timeout: query timed out/],
  ])('refuses the answer %j', async (raw, message) => {
    const { state, reader } = server();
    state.raw = raw;
    await expect(reader.read()).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/sources\.kepler\.prometheus/),
    });
  });
});
