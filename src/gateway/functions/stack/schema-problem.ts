import { z } from 'zod';
import { closest, misspelt } from '../../../base/index.js';
import { Misdescribed } from '../spec/misdescribed.js';

/** The first thing that a schema has against a value, by the key where it stands. */
export function schemaProblem(error: z.ZodError, schema: z.ZodType): Misdescribed {
  const [issue] = error.issues;
  const path = issue?.path.map(String) ?? [];
  if (issue?.code !== 'unrecognized_keys') return new Misdescribed(path, issue?.message ?? 'is wrong');
  const [key = ''] = issue.keys;
  const known = keysAt(schema, path);
  const meant = misspelt(key, known) ?? startOf(key, known) ?? closest(key, known);
  return new Misdescribed(
    [...path, key],
    'is unknown',
    meant === undefined ? undefined : `Did you mean "${meant}"?`,
  );
}

/** `env` for `environment`: one that begins like it. */
const startOf = (key: string, known: readonly string[]): string | undefined =>
  known.find((name) => key.length > 2 && name.startsWith(key.toLowerCase()));

/** The keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  const at = unwrapped(schema);
  if (!(at instanceof z.ZodObject)) return [];
  const shape = at.shape as Record<string, z.ZodType>;
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(shape);
  const below = shape[step];
  return below === undefined ? [] : keysAt(below, rest);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out as z.ZodType);
  return schema;
}
