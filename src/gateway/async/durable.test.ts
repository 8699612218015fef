import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AsyncCalls } from './async-calls.js';
import type { Invoke } from './call.js';
import { exampleAnswer, exampleRequest, freshFolder, openCalls } from './testing/example.js';

/** How an attempt ends; `hang` lasts until the gateway ends. */
const FATES = ['answer', 'refuse', 'crash', 'fail', 'busy', 'hang'] as const;
type Fate = (typeof FATES)[number];

async function meet(fate: Fate, signal: AbortSignal): Promise<ReturnType<typeof exampleAnswer>> {
  await setImmediate();
  if (fate === 'crash') throw new Error('crashed');
  if (fate === 'hang')
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  if (fate === 'fail') return exampleAnswer({ status: 502, isRetryable: true });
  if (fate === 'busy') return exampleAnswer({ status: 429, isRetryable: true });
  return exampleAnswer({ status: fate === 'refuse' ? 400 : 200 });
}

const life = fc.record({
  accepts: fc.integer({ min: 0, max: 8 }),
  /** How far it comes before it is ended, in turns of the event loop. */
  turns: fc.integer({ min: 0, max: 60 }),
  fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 8 }),
});

it('no accepted call is lost and no attempt is uncounted, whatever functions do and whenever gateways end', {
  timeout: 120_000,
}, async () => {
  const run = async (
    lives: readonly { accepts: number; turns: number; fates: readonly Fate[] }[],
  ): Promise<void> => {
    const folder = freshFolder();
    const accepted = new Set<string>();
    const attempts = new Map<string, number[]>();
    const answered = new Map<string, number>();
    const gateway = async (fates: readonly Fate[]): Promise<AsyncCalls> => {
      let next = 0;
      const invoke: Invoke = async ({ id, attempt }, signal) => {
        attempts.set(id, [...(attempts.get(id) ?? []), attempt]);
        const answer = await meet(fates[next++ % fates.length] ?? 'answer', signal);
        if (!answer.isRetryable) answered.set(id, (answered.get(id) ?? 0) + 1);
        return answer;
      };
      const settings = { async: { concurrency: 4, attempts: 3, backoff_seconds: 0.001 } };
      return openCalls(invoke, { folder, settings });
    };
    for (const { accepts, turns, fates } of lives) {
      const calls = await gateway(fates);
      const outcomes = Array.from({ length: accepts }, async () => {
        const outcome = await calls.accept(exampleRequest());
        if (outcome.isAccepted) accepted.add(outcome.id);
      });
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      await calls.close();
      await Promise.all(outcomes);
    }
    const last = await gateway(['answer']);
    while (last.stats().pending > 0) await setImmediate();
    expect(last.stats()).toMatchObject({ bytes: 0, running: 0, waiting: {} });
    for (const id of accepted) {
      const status = await last.status(id);
      const counts = attempts.get(id) ?? [];
      expect(status?.attempts).toBe(Math.max(...counts));
      expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
      if (status?.state === 'done') expect(answered.get(id)).toBeGreaterThanOrEqual(1);
      else expect(status).toMatchObject({ state: 'failed', failures: 3 });
    }
    await last.close();
  };
  await fc.assert(fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), run), {
    numRuns: 25,
    interruptAfterTimeLimit: 100_000,
  });
});
