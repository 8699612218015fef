import type { Finding } from '../account.js';

export interface AcceleratorUsers {
  /** By index; absent where nothing can be divided. */
  readonly users?: readonly number[];
  readonly findings: readonly Finding[];
}

/** Names in a message, at most. */
const MOST_NAMES = 5;

/** Who uses the accelerator, and what is lacking before its power can be divided among them. */
export function acceleratorUsers(
  watts: Float64Array | undefined,
  functions: readonly string[],
  named: readonly string[] | undefined,
): AcceleratorUsers {
  const known = watts?.some(Number.isFinite) ?? false;
  if (named === undefined || named.length === 0)
    return {
      findings: known
        ? [
            {
              code: 'accelerator-unnamed',
              message:
                "the accelerator's power is known, but not which functions use it: it counts as any other power (accelerator_functions in trace.json would say)",
            },
          ]
        : [],
    };
  if (!known)
    return {
      findings: [
        {
          code: 'no-accelerator-power',
          message: `${listed(named)} ${named.length === 1 ? 'is' : 'are'} said to use the accelerator, but its power is not known (the column accelerator_w of power.csv): this changes nothing`,
        },
      ],
    };
  const place = new Map(functions.map((name, f) => [name, f]));
  const strangers = named.filter((name) => !place.has(name));
  const users = [...new Set(named)].flatMap((name) => place.get(name) ?? []);
  const findings: Finding[] =
    strangers.length === 0
      ? []
      : [
          {
            code: 'accelerator-strangers',
            message: `said to use the accelerator, but never ran: ${listed(strangers)}`,
            count: strangers.length,
          },
        ];
  return { users, findings };
}

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.map((name) => JSON.stringify(name)).join(', ')
    : `${listed(names.slice(0, MOST_NAMES))} and ${names.length - MOST_NAMES} more`;
