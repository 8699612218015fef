/** What a principal used over an interval. A field that no counter gives is absent, never 0. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly cycles?: number;
  readonly instructions?: number;
  readonly llcMisses?: number;
  readonly contextSwitches?: number;
  readonly memoryPeakMib?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
}

/** A process, told apart from a later one with the same pid by when it began. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks after boot (field 22 of /proc/PID/stat). */
  readonly startTicks: number;
  readonly name: string;
}

/** A process and what it has used since it began or since its source was opened, whichever is later. */
export interface ProcessUsage {
  readonly process: ProcessIdentity;
  readonly usage: Usage;
  /** CPU seconds of children that it waited for and that no reading had shown: they ended before they could be seen. */
  readonly unseenChildrenCpuSeconds?: number;
}

/** A control group, by its path below the hierarchy's root (`/system.slice/docker-….scope`), and what it has used. */
export interface CgroupUsage {
  readonly path: string;
  readonly usage: Usage;
}

/** What the whole machine's processors did since the source was opened. */
export interface MachineUsage {
  /** Monotonic seconds (the host's clock) of the reading. */
  readonly at: number;
  readonly logicalCpus: number;
  /** Seconds that processors spent not idle, summed over processors; absent where the source can't tell. */
  readonly busySeconds?: number;
  /** The part of `busySeconds` spent on hardware and software interrupts, where it is told apart. */
  readonly interruptSeconds?: number;
  readonly cycles?: number;
  readonly instructions?: number;
  readonly llcMisses?: number;
  readonly contextSwitches?: number;
}
