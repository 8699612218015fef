/** Amounts of one stretch of the machine's time. */
export interface MachineAmounts {
  /** The primary source's; undefined where it gave nothing. */
  readonly joules: number | undefined;
  /** Joules that were measured beside a part that was not, so that they are of no tick. */
  readonly strayJoules: number;
  /** What the idle machine would have drawn meanwhile; undefined while nobody knows. */
  readonly idleJoules: number | undefined;
  /** The processor alone. */
  readonly cpuJoules: number | undefined;
  /** CPU seconds by principal's key, and of the whole machine under `system`. */
  readonly cpuSeconds: ReadonlyMap<string, number>;
}

/** A tick of the account's grid of time: seconds since 1970. */
export interface MachineTick extends MachineAmounts {
  readonly from: number;
  readonly to: number;
}

const add = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const part = (amount: number | undefined, share: number): number | undefined =>
  amount === undefined ? undefined : amount * share;

export function partOf(amounts: MachineAmounts, share: number): MachineAmounts {
  if (share === 1) return amounts;
  return {
    joules: part(amounts.joules, share),
    strayJoules: amounts.strayJoules * share,
    idleJoules: part(amounts.idleJoules, share),
    cpuJoules: part(amounts.cpuJoules, share),
    cpuSeconds: new Map([...amounts.cpuSeconds].map(([key, seconds]) => [key, seconds * share])),
  };
}

/** What is unknown in one of them is unknown in both together. */
export function sumOf(a: MachineAmounts | undefined, b: MachineAmounts): MachineAmounts {
  if (a === undefined) return b;
  const cpuSeconds = new Map(a.cpuSeconds);
  for (const [key, seconds] of b.cpuSeconds) cpuSeconds.set(key, (cpuSeconds.get(key) ?? 0) + seconds);
  const joules = add(a.joules, b.joules);
  return {
    joules,
    strayJoules:
      a.strayJoules + b.strayJoules + (joules === undefined ? (a.joules ?? 0) + (b.joules ?? 0) : 0),
    idleJoules: add(a.idleJoules, b.idleJoules),
    cpuJoules: add(a.cpuJoules, b.cpuJoules),
    cpuSeconds,
  };
}
