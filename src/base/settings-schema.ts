import { parse } from 'yaml';
import { z } from 'zod';

/** A setting that is a value and not a group of settings. */
export interface Leaf {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodOptional || inner instanceof z.ZodPrefault) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/** Every setting that the schema knows, with its path. */
export function settingPaths(schema: z.ZodType, path: readonly string[] = []): Leaf[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [{ path, schema }];
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
    settingPaths(value, [...path, key]),
  );
}

/** Text from the environment as the setting wants it: numbers, booleans, comma-separated lists, YAML for what is more. */
export function settingFromText(text: string, schema: z.ZodType): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodNumber) return Number(text);
  if (inner instanceof z.ZodBoolean && /^(true|false|1|0)$/i.test(text)) return /^(true|1)$/i.test(text);
  if (inner instanceof z.ZodArray) {
    const element = unwrap(inner.element as z.ZodType);
    if (element instanceof z.ZodObject || text.trimStart().startsWith('[')) return fromYaml(text);
    return text.split(',').map((item) => settingFromText(item.trim(), element));
  }
  return inner instanceof z.ZodRecord ? fromYaml(text) : text;
}

function fromYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // The schema says what it wants instead.
    return text;
  }
}
