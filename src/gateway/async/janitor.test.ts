import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createHost, ManualClock, silentLogger } from '../../base/index.js';
import { exampleAnswer, exampleRequest, freshFolder, openCalls } from './testing/example.js';

it('forgets calls an hour after their end and gives their room back to the disk', async () => {
  const clock = new ManualClock();
  const folder = freshFolder();
  const calls = await openCalls(async () => exampleAnswer(), {
    folder,
    host: createHost({ clock, log: silentLogger }),
  });
  onTestFinished(() => calls.close());
  await calls.drain(new AbortController().signal);
  const ids: string[] = [];
  for (let round = 0; round < 5; round++) {
    const body = (): Readable => Readable.from([Buffer.alloc(60_000)]);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => calls.accept(exampleRequest({ body: body() }))),
    );
    for (const outcome of outcomes) if (outcome.isAccepted) ids.push(outcome.id);
  }
  expect(ids).toHaveLength(500);
  await calls.close();
  const size = (): number => statSync(join(folder, 'calls.db')).size;
  expect(size()).toBeGreaterThan(3e7);

  const next = await openCalls(async () => exampleAnswer(), {
    folder,
    host: createHost({ clock, log: silentLogger }),
  });
  while (next.stats().pending > 0) await setImmediate();
  clock.advance(61);
  const [id = ''] = ids;
  expect(await next.status(id)).toMatchObject({ state: 'done' });
  clock.advance(3_600);
  while ((await next.status(id)) !== undefined) {
    clock.advance(60);
    await setImmediate();
  }
  for (const each of ids) expect(await next.status(each)).toBeUndefined();
  await next.close();
  expect(size()).toBeLessThan(5e6);
});

it('waits as long as it was asked to before it tries again', async () => {
  const clock = new ManualClock();
  let attempts = 0;
  const calls = await openCalls(
    async () => {
      attempts++;
      if (attempts > 1) return exampleAnswer();
      return exampleAnswer({ status: 503, isRetryable: true, headers: { 'retry-after': '30' } });
    },
    { host: createHost({ clock, log: silentLogger }), chance: () => 0.5 },
  );
  onTestFinished(() => calls.close());
  const outcome = await calls.accept(exampleRequest());
  if (!outcome.isAccepted) throw new Error(outcome.message);
  while ((await calls.status(outcome.id))?.failures !== 1 || calls.stats().running > 0) await setImmediate();
  clock.advance(30);
  // Something that goes to the disk and back: an attempt that had begun would be counted before.
  expect(await calls.status(outcome.id)).toMatchObject({ state: 'waiting', attempts: 1 });
  clock.advance(10);
  while (calls.stats().pending > 0) await setImmediate();
  expect(await calls.status(outcome.id)).toMatchObject({ state: 'done', attempts: 2, failures: 1 });
});
