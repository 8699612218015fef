import type { z } from 'zod';
import { messageOf } from '../../../base/index.js';
import { refusedInput } from '../spec/misdescribed.js';

/**
 * A body as a schema wants it. Throws a WattloopError that names the key. `misspelling` tells what a key of the body was
 * meant for, where it is nobody's.
 */
export function readJsonBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
  misspelling: (key: string) => string | undefined = () => undefined,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw refusedInput(`the body is no JSON: ${body === '' ? 'it is empty' : messageOf(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusedInput('the body must be a JSON object');
  }
  for (const key of Object.keys(value)) {
    const meant = misspelling(key);
    if (meant !== undefined)
      throw refusedInput(`unknown key ${JSON.stringify(key)}`, `Did you mean "${meant}"?`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refusedInput(`${issue?.path.map(String).join('.')}: ${issue?.message}`);
}
