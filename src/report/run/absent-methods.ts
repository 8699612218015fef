import type { Invocation } from '../../model/index.js';

/** A method that gave nothing, why, and for how many invocations. */
export interface AbsentRow {
  readonly name: string;
  readonly reason: string;
  readonly invocations: number;
}

/** What gave nothing in a run: the same reason of many invocations once. */
export function absentMethods(invocations: readonly Invocation[]): AbsentRow[] {
  const rows = new Map<string, AbsentRow>();
  for (const { absent } of invocations)
    for (const { name, reason } of absent) {
      const key = `${name}\n${reason}`;
      const before = rows.get(key)?.invocations ?? 0;
      rows.set(key, { name, reason, invocations: before + 1 });
    }
  return [...rows.values()];
}
