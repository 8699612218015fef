import { z } from 'zod';
import { closest, misspelt } from '../../base/index.js';
import type { TraceDescription } from '../../model/index.js';
import { badFile, quoted } from './csv/problem.js';
import { DESCRIPTION_KEYS } from './files.js';
import type { Tell } from './findings.js';
import { readJson, refused } from './json-file.js';

const KEYS: readonly string[] = Object.values(DESCRIPTION_KEYS);
// null is how other writers say that they don't know.
const amount = z.number().nonnegative().nullish();
const size = z.number().positive().nullish();

export const descriptionSchema = z.looseObject({
  idle_w: amount,
  idle_cpu_w: amount,
  cores: size,
  carbon_g_per_kwh: amount,
  embodied_kg: amount,
  lifetime_years: size,
  accelerator_functions: z.array(z.string()).nullish(),
});

/** What `trace.json` says of the machine; nothing where there is no such file. */
export async function readDescription(path: string, tell: Tell): Promise<TraceDescription> {
  const file = await readJson(path);
  if (file === undefined) return {};
  const parsed = descriptionSchema.safeParse(file.value);
  if (!parsed.success) throw refused(path, file, parsed.error);
  for (const key of Object.keys(parsed.data)) {
    if (KEYS.includes(key)) continue;
    const meant = misspelt(key, KEYS);
    if (meant !== undefined) {
      const why = `unknown key ${quoted(key)} (did you mean "${meant}"?)`;
      throw badFile(path, file.lineOf([key]), why, `Known keys are ${KEYS.join(', ')}`);
    }
    const message = `${path}: unknown key ${quoted(key)} is ignored (the nearest known one is "${closest(key, KEYS)}")`;
    tell({ code: 'unknown-key', message });
  }
  return describedMachine(parsed.data);
}

/** What a description says, without what it leaves open. */
export function describedMachine(document: z.output<typeof descriptionSchema>): TraceDescription {
  const known = Object.entries(DESCRIPTION_KEYS).map(([name, key]) => [name, document[key] ?? undefined]);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

/** The document that says the same. */
export function descriptionDocument(description: TraceDescription): z.output<typeof descriptionSchema> {
  const names = Object.keys(DESCRIPTION_KEYS) as (keyof TraceDescription)[];
  const known = names.flatMap((name) =>
    description[name] === undefined ? [] : [[DESCRIPTION_KEYS[name], description[name]] as const],
  );
  return Object.fromEntries(known);
}

/** The same as text, or undefined where there is nothing to say. */
export function descriptionText(description: TraceDescription): string | undefined {
  const document = descriptionDocument(description);
  return Object.keys(document).length === 0 ? undefined : `${JSON.stringify(document, null, 2)}\n`;
}
