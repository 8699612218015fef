import { z } from 'zod';
import type { SavedSums } from '../core/function-sums.js';

const amount = z.number().nonnegative();

const schema = z.object({
  measuredJoules: amount,
  unattributedJoules: amount,
  endedJoules: amount,
  since: z.number(),
  functions: z.record(
    z.string(),
    z.object({
      individualJoules: amount,
      controlPlaneJoules: amount,
      idleJoules: amount,
      operationalGrams: amount,
      embodiedGrams: amount.exactOptional(),
      since: z.number(),
    }),
  ),
});

/** What was saved, if it is what was saved. */
export function savedSums(value: unknown): SavedSums | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
