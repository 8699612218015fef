import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../../base/index.js';
import { rulesFor } from '../ready-made/rules-for.js';
import { RuleSet } from '../rules/rule-set.js';
import { ToldSink } from '../testing/told-sink.js';
import { DockerFeed } from './docker-feed.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An engine whose events a test tells. */
async function engine(there: readonly [id: string, name: string][] = []) {
  const clock = new ManualClock();
  const rules = new RuleSet(rulesFor(['openfaas', 'docker'], []));
  const seen: string[] = [];
  const state = { there, failure: undefined as Error | undefined, events: new PassThrough() };
  const feed = new DockerFeed(createHost({ clock, log: silentLogger, env: {} }), {
    engine: {
      socketPath: '/docker.sock',
      open: async (_method, _path, options) => {
        if (state.failure) throw state.failure;
        state.events = new PassThrough();
        options?.signal?.addEventListener('abort', () => state.events.destroy(new Error('aborted')));
        return state.events as never;
      },
      call: async () =>
        state.there.map(([Id, name]) => ({ Id, Names: [`/${name}`], Image: 'i', Labels: null })),
    },
    recognise: (facts) => rules.group(facts),
    onStart: (id) => seen.push(id),
  });
  const sink = new ToldSink();
  await feed.open(sink);
  ends.push(() => feed.close());
  const tell = async (Action: string, ID: string, attributes: Record<string, string>): Promise<void> => {
    const event = { Action, Actor: { ID, Attributes: attributes }, timeNano: clock.wall() * 1e9 };
    const line = `${JSON.stringify(event)}\n`;
    // As sockets do, cut anywhere.
    state.events.write(line.slice(0, 30));
    await settled();
    state.events.write(line.slice(30));
    await settled();
  };
  return { clock, feed, sink, seen, state, tell };
}

describe('containers whose life is one call', () => {
  it('are called from start to death', async () => {
    const { clock, sink, seen, tell } = await engine();
    await tell('start', 'a', { name: 'job', image: 'i' });
    expect(sink.begun).toEqual([['a', 'job', clock.wall()]]);
    expect(seen).toEqual(['a']);
    clock.advance(3);
    await tell('die', 'a', { name: 'job', exitCode: '0' });
    expect(sink.calls).toMatchObject([
      {
        id: 'a',
        function: 'job',
        startedAt: clock.wall() - 3,
        endedAt: clock.wall(),
        status: 'done',
        cold: true,
      },
    ]);
    await tell('start', 'b', { name: 'job' });
    await tell('die', 'b', { name: 'job', exitCode: '137' });
    await tell('start', 'c', { name: 'job' });
    await tell('die', 'c', { name: 'job', exitCode: '2' });
    expect(sink.calls.map(({ status }) => status)).toEqual(['done', 'crashed', 'failed']);
  });

  it('are not those that serve calls', async () => {
    const { sink, seen, tell } = await engine();
    await tell('start', 'a', { name: 'figlet.1.x', 'com.openfaas.function': 'figlet' });
    await tell('die', 'a', { name: 'figlet.1.x', 'com.openfaas.function': 'figlet', exitCode: '0' });
    expect([sink.begun, sink.calls]).toEqual([[], []]);
    expect(seen).toEqual(['a']);
  });

  it('may have begun before anyone looked, and ended while the engine was away', async () => {
    const { clock, feed, sink, state, tell } = await engine([
      ['a', 'old'],
      ['b', 'older'],
    ]);
    expect(sink.begun.map(([id]) => id)).toEqual(['a', 'b']);
    state.failure = new Error('gone');
    state.events.end();
    await settled();
    await settled();
    expect(feed.ailment()).toMatch(/ended the stream/);
    state.failure = undefined;
    state.there = [['a', 'old']];
    clock.advance(5);
    await settled();
    await settled();
    expect(feed.ailment()).toBeUndefined();
    // How it ended nobody knows.
    expect(sink.lost).toEqual(['b']);
    expect(sink.calls).toEqual([]);
    // Told once that it began.
    expect(sink.begun).toHaveLength(2);
    await tell('die', 'a', { name: 'old', exitCode: '0' });
    expect(sink.calls).toHaveLength(1);
  });
});
