/** Seconds that processors spent in each mode since boot. Guest time is within `user` and is not told apart. */
export interface CpuTimes {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly irq: number;
  readonly softirq: number;
  /** Time that the hypervisor gave to others: neither busy nor idle. */
  readonly steal: number;
}

export interface MachineStat {
  readonly total: CpuTimes | undefined;
  /** By the processor's number; only those that are online are listed. */
  readonly cpus: ReadonlyMap<number, CpuTimes>;
  readonly contextSwitches: number | undefined;
  /** Seconds since 1970 at which the machine booted. */
  readonly bootTime: number | undefined;
}

const CPU_LINE = /^cpu(\d*) +(\d[\d ]*)$/gm;

function cpuTimes(fields: string, ticksPerSecond: number): CpuTimes | undefined {
  const seconds = fields
    .trim()
    .split(/ +/)
    .map((field) => Number(field) / ticksPerSecond);
  const [user, nice, system, idle, iowait = 0, irq = 0, softirq = 0, steal = 0] = seconds;
  if (user === undefined || nice === undefined || system === undefined || idle === undefined)
    return undefined;
  return { user, nice, system, idle, iowait, irq, softirq, steal };
}

/** Reads the text of /proc/stat. */
export function parseMachineStat(text: string, ticksPerSecond: number): MachineStat {
  let total: CpuTimes | undefined;
  const cpus = new Map<number, CpuTimes>();
  for (const [, number, fields = ''] of text.matchAll(CPU_LINE)) {
    const times = cpuTimes(fields, ticksPerSecond);
    if (times === undefined) continue;
    if (number === '') total = times;
    else cpus.set(Number(number), times);
  }
  const count = (key: string): number | undefined => {
    const match = new RegExp(`^${key} (\\d+)$`, 'm').exec(text);
    return match ? Number(match[1]) : undefined;
  };
  return {
    total,
    cpus,
    contextSwitches: count('ctxt'),
    bootTime: count('btime'),
  };
}

/** Seconds of work that the kernel's tick found: what is neither idle, waiting for I/O, nor stolen. */
export const tickedBusy = (t: CpuTimes): number => t.user + t.nice + t.system + t.irq + t.softirq;
