import { expect, it } from 'vitest';
import { ManualClock } from '../../base/index.js';
import { exampleInvocation } from '../../knowledge/testing/example-invocation.js';
import type { Invocation } from '../../model/index.js';
import { StageWatch } from './run-progress.js';
import { Tally } from './stage-tally.js';

const JOULES = 10;

function watched(partitions: number) {
  const clock = new ManualClock();
  const tally = new Tally();
  const end = (endedAt: number): void => {
    const invocation: Invocation = { ...exampleInvocation('r', 0), startedAt: endedAt - 1, endedAt };
    const energy = { joules: JOULES, source: 'rapl', provenance: 'measured' } as const;
    tally.add(invocation, { energy, carbonGrams: undefined, costUsd: undefined }, true);
  };
  return { clock, end, watch: new StageWatch(clock, 's', partitions, tally) };
}

it('tells how fast a stage is, at how many watts, and how long it will still take', () => {
  const { clock, end, watch } = watched(4);
  watch.beginSession();
  expect(watch.progress).toMatchObject({ begun: false, perSecond: undefined, etaSeconds: undefined });
  watch.begin();
  clock.advance(2);
  end(clock.wall());
  expect(watch.progress).toMatchObject({ begun: true, perSecond: 0.5, watts: 5, etaSeconds: 6 });
});

it('tells of a finished stage how fast it was, however long ago', () => {
  const { clock, end, watch } = watched(1);
  watch.beginSession();
  watch.begin();
  clock.advance(2);
  end(clock.wall());
  clock.advance(100);
  expect(watch.progress).toMatchObject({ perSecond: 0.5, watts: 5, etaSeconds: 0 });
});

it('counts what earlier sessions finished, but not as quick work of this one', () => {
  const { clock, end, watch } = watched(10);
  for (let i = 0; i < 8; i++) end(clock.wall() - 1_000);
  watch.beginSession();
  watch.begin();
  clock.advance(4);
  end(clock.wall());
  expect(watch.progress).toMatchObject({ finished: 9, perSecond: 0.25, watts: 2.5, etaSeconds: 4 });
});
