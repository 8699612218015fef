import { z } from 'zod';
import type { TraceTruth } from '../../model/index.js';
import { readJson, refused } from './json-file.js';

const joules = z.number().nullish();
// Published truths hold more than is used here.
const schema = z.object({
  functions: z.record(z.string(), z.object({ marginal_j: joules, individual_j: joules })),
});

type Truth = TraceTruth['functions'][string];

/** The reference energies of `truth.json`; undefined where there is no such file. */
export async function readTruth(path: string): Promise<TraceTruth | undefined> {
  const file = await readJson(path);
  if (file === undefined) return undefined;
  const parsed = schema.safeParse(file.value);
  if (!parsed.success) throw refused(path, file, parsed.error);
  // Without a prototype, as a function may be called "constructor".
  const functions: Record<string, Truth> = Object.create(null);
  for (const [name, { marginal_j, individual_j }] of Object.entries(parsed.data.functions)) {
    functions[name] = {
      ...(typeof marginal_j === 'number' && { marginalJoules: marginal_j }),
      ...(typeof individual_j === 'number' && { individualJoules: individual_j }),
    };
  }
  return { functions };
}

/** The document that says the same. */
export function truthText(truth: TraceTruth): string {
  const functions = Object.entries(truth.functions).map(([name, { marginalJoules, individualJoules }]) => [
    name,
    { marginal_j: marginalJoules, individual_j: individualJoules },
  ]);
  return `${JSON.stringify({ functions: Object.fromEntries(functions) }, null, 2)}\n`;
}
