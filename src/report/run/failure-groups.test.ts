import { describe, expect, it } from 'vitest';
import type { Invocation } from '../../model/index.js';
import { exampleRun } from '../testing/example-run.js';
import { failureGroups } from './failure-groups.js';

const [model] = exampleRun().invocations;
const invocation = (changes: Partial<Invocation>): Invocation => {
  if (model === undefined) throw new Error('the example has invocations');
  return { ...model, function: 'f', status: 'done', ...changes };
};
const failed = (partition: number, message = 'no luck'): Invocation =>
  invocation({ partition, status: 'failed', error: { name: 'Error', message } });

describe('failureGroups', () => {
  it('puts alike ones together, the most frequent first, and says how many came to a good end', () => {
    const all = [
      failed(0, 'other'),
      ...[1, 2, 3].map((partition) => failed(partition)),
      invocation({ partition: 2 }),
    ];
    expect(failureGroups(all)).toMatchObject([
      { cause: 'Error: no luck', count: 3, mended: 1, examples: ['1/1', '2/1', '3/1'] },
      { cause: 'Error: other', count: 1, mended: 0 },
    ]);
  });

  it('names the first few of many', () => {
    const [group] = failureGroups(Array.from({ length: 5000 }, (_, partition) => failed(partition)));
    expect(group?.count).toBe(5000);
    expect(group?.examples).toHaveLength(6);
  });

  it('has what was cancelled, but not copies that another overtook', () => {
    const cancelled = invocation({ partition: 7, status: 'cancelled' });
    expect(failureGroups([cancelled])).toMatchObject([{ status: 'cancelled', count: 1 }]);
    expect(failureGroups([cancelled, invocation({ partition: 7 })])).toEqual([]);
  });
});
