import { describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import type { SampleReader, TimedSample } from '../../../meter/index.js';
import { ToldSink } from '../testing/told-sink.js';
import { OpenFaasFeed } from './openfaas-feed.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A gateway whose counters a test turns. */
async function gateway() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = {
    ...silentLogger,
    warn: (text: string) => lines.push(text),
    info: (text: string) => lines.push(text),
  };
  const counters = new Map<string, [number, Record<string, string>, string]>();
  const state = { failure: undefined as Error | undefined };
  const set = (name: string, labels: Record<string, string>, value: number): void =>
    void counters.set(name + JSON.stringify(labels), [value, labels, name]);
  const reader: SampleReader = {
    where: 'http://gateway/metrics',
    interval: 1,
    read: async () => {
      if (state.failure) throw state.failure;
      return [...counters.values()].map(
        ([value, labels, name]): TimedSample => ({ name, labels, value, at: clock.now() }),
      );
    },
  };
  const feed = new OpenFaasFeed(createHost({ clock, log, env: {} }), reader, 5);
  const sink = new ToldSink();
  const poll = async (): Promise<void> => {
    await settled();
    clock.advance(5);
    await settled();
  };
  const calls = (name: string, code: string, value: number): void =>
    set('gateway_function_invocation_total', { function_name: name, code }, value);
  const seconds = (name: string, value: number): void =>
    set('gateway_functions_seconds_sum', { function_name: name }, value);
  return { clock, lines, state, feed, sink, poll, calls, seconds };
}

describe('calls of OpenFaaS', () => {
  it('are what the gateway’s counters grew by since they were last read', async () => {
    const { clock, feed, sink, poll, calls, seconds } = await gateway();
    calls('figlet.openfaas-fn', '200', 1_000);
    seconds('figlet.openfaas-fn', 50);
    await feed.open(sink);
    expect(sink.sums).toEqual([]);
    calls('figlet.openfaas-fn', '200', 1_004);
    calls('figlet.openfaas-fn', '500', 1);
    seconds('figlet.openfaas-fn', 52.5);
    const from = clock.wall();
    await poll();
    expect(sink.sums).toEqual([{ function: 'figlet', from, to: from + 5, done: 4, failed: 1, seconds: 2.5 }]);
    await poll();
    expect(sink.sums).toHaveLength(1);
    await feed.close();
  });

  it('are all of one that was never called before, and of a gateway that began anew', async () => {
    const { feed, sink, poll, calls } = await gateway();
    calls('old.openfaas-fn', '200', 70);
    await feed.open(sink);
    calls('new.staging', '200', 3);
    await poll();
    expect(sink.sums).toMatchObject([{ function: 'new.staging', done: 3, failed: 0 }]);
    expect(sink.sums[0]?.seconds).toBeUndefined();
    calls('old.openfaas-fn', '200', 2);
    await poll();
    expect(sink.sums[1]).toMatchObject({ function: 'old', done: 2 });
    await feed.close();
  });

  it('are missed when the gateway does not answer, which is said once, and caught up on', async () => {
    const { lines, state, feed, sink, poll, calls } = await gateway();
    calls('figlet.openfaas-fn', '200', 1);
    await feed.open(sink);
    expect(feed.ailment()).toBeUndefined();
    state.failure = new Error('ECONNREFUSED');
    await poll();
    await poll();
    expect(feed.ailment()).toBe('ECONNREFUSED');
    expect(lines).toEqual([
      'OpenFaaS at http://gateway/metrics does not tell of calls: functions are accounted by what they use',
    ]);
    state.failure = undefined;
    calls('figlet.openfaas-fn', '200', 8);
    await poll();
    expect(feed.ailment()).toBeUndefined();
    expect(lines).toHaveLength(2);
    expect(sink.sums).toMatchObject([{ done: 7 }]);
    expect((sink.sums[0]?.to ?? 0) - (sink.sums[0]?.from ?? 0)).toBe(15);
    await feed.close();
  });
});
