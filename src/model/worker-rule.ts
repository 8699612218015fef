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
    cgroup: pattern.optional().describe("Path of the control group below the hierarchy's root"),
    container: pattern
      .optional()
      .describe('Name of the container; in Kubernetes as it is called within its pod'),
    image: pattern.optional().describe("The container's image"),
    pod: pattern.optional().describe("The pod's name"),
    namespace: pattern.optional().describe("The pod's namespace"),
    labels: z.record(z.string(), pattern).optional().describe('Labels of the container or its pod, by name'),
    process: pattern.optional().describe('Name of a process, at most 15 letters'),
    command: pattern.optional().describe('Command line of a process, its arguments separated by spaces'),
    environment: z.record(z.string(), pattern).optional().describe('Variables of a process, by name'),
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
    name: z.string().min(1).describe('What the rule is called where it is told of'),
    match: workerMatch.describe('Regular expressions, all of which must match'),
    function: z
      .string()
      .min(1)
      .optional()
      .describe('The function that the workers belong to; a name in ${…} stands for what a pattern captured'),
    control_plane: z
      .literal(true)
      .optional()
      .describe("The workers serve all functions: the platform's own parts"),
    ignore: z
      .literal(true)
      .optional()
      .describe('The workers belong to no function, whatever later rules say'),
    calls: z
      .enum(['unknown', 'life'])
      .default('unknown')
      .describe('life: every worker runs for one call, from its start to its end'),
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
