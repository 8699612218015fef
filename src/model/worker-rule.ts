import { z } from 'zod';

/** Platforms whose workers Wattloop knows by their names. */
export const PLATFORMS = ['openfaas', 'openwhisk', 'knative', 'lithops', 'iluvatar', 'docker'] as const;
export type PlatformName = (typeof PLATFORMS)[number];

/** What a function's name may be made of beside what patterns capture. */
const KNOWN_VARIABLES: readonly string[] = ['container', 'image', 'pod', 'namespace'];

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

const pattern = z.string().min(1).refine(isPattern, { message: 'is no regular expression' });

/** All that is given must match. */
const workerMatch = z
  .strictObject({
    /** Path of the control group below the hierarchy's root. */
    cgroup: pattern.optional(),
    /** Name of the container; in Kubernetes as it is called within its pod. */
    container: pattern.optional(),
    image: pattern.optional(),
    pod: pattern.optional(),
    namespace: pattern.optional(),
    /** Of the container or its pod. */
    labels: z.record(z.string(), pattern).optional(),
    /** Name of a process, at most 15 letters. */
    process: pattern.optional(),
    /** Command line of a process, its arguments separated by spaces. */
    command: pattern.optional(),
    environment: z.record(z.string(), pattern).optional(),
  })
  .refine((match) => Object.keys(match).length > 0, { message: 'says nothing to match' });

export type WorkerMatch = z.output<typeof workerMatch>;

/** Names that the patterns of a match capture: `(?<name>…)`. */
function captured(match: WorkerMatch): Set<string> {
  const { labels = {}, environment = {}, ...plain } = match;
  const patterns = [...Object.values(plain), ...Object.values(labels), ...Object.values(environment)];
  return new Set(
    patterns.flatMap((text) => Array.from(text.matchAll(/\(\?<([A-Za-z_]\w*)>/g), ([, name]) => name ?? '')),
  );
}

const variables = (template: string): string[] =>
  Array.from(template.matchAll(/\$\{([^}]*)\}/g), ([, name]) => name ?? '');

/** Recognises workers of a platform, and says what they work for. */
export const workerRule = z
  .strictObject({
    name: z.string().min(1),
    match: workerMatch,
    /** The function that they belong to; `${name}` stands for what a pattern captured. */
    function: z.string().min(1).optional(),
    /** They work for all functions: the platform's own parts. */
    control_plane: z.literal(true).optional(),
    /** They belong to no function, whatever later rules say. */
    ignore: z.literal(true).optional(),
    /** `life`: every worker runs for one call, from its start to its end. */
    calls: z.enum(['unknown', 'life']).default('unknown'),
  })
  .superRefine((rule, context) => {
    const says = [rule.function, rule.control_plane, rule.ignore].filter((one) => one !== undefined);
    if (says.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: `"${rule.name}" must say one of function, control_plane and ignore`,
      });
    }
    const known = captured(rule.match);
    const missing = variables(rule.function ?? '').find(
      (name) => !known.has(name) && !KNOWN_VARIABLES.includes(name),
    );
    if (missing !== undefined) {
      context.addIssue({
        code: 'custom',
        message: `"${rule.name}" names \${${missing}}, which no pattern captures as (?<${missing}>…)`,
      });
    }
  });

export type WorkerRule = z.output<typeof workerRule>;
