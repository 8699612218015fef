/** How much of its nominal CPU time a function waits for memory comes in these steps: all functions of a step share a clock. */
export const MEMORY_LEVELS = [0, 0.2, 0.4, 0.6, 0.8] as const;

/** What an invocation of a function does. Amounts are means; those with a spread are log-normal. */
export interface FunctionProfile {
  readonly name: string;
  /** CPU work in core-seconds at the machine's nominal frequency, nothing else running. */
  readonly cpuSeconds: number;
  /** Standard deviation of the logarithm of its amounts of work. */
  readonly spread: number;
  /** Threads that its work is divided among. */
  readonly threads: number;
  /** How bound to memory its work is: an index of MEMORY_LEVELS. */
  readonly memoryLevel: number;
  /** Power of a core that runs it, as a multiple of a usual one's: wide vectors draw more. */
  readonly corePower: number;
  readonly instructionsPerCycle: number;
  /** Time in which it waits for others (a network, a database). */
  readonly waitSeconds: number;
  readonly diskMebibytes: number;
  /** Time on the graphics processor when alone there, and how much of it is occupied then (0 to 1). */
  readonly gpuSeconds: number;
  readonly gpuOccupancy: number;
  readonly memoryMebibytes: number;
  /** CPU work of a cold start, on one thread. */
  readonly coldCpuSeconds: number;
}

/** A function that does nothing yet: profiles say what they differ in. */
export const PLAIN_PROFILE: FunctionProfile = {
  name: 'plain',
  cpuSeconds: 0.2,
  spread: 0.2,
  threads: 1,
  memoryLevel: 0,
  corePower: 1,
  instructionsPerCycle: 1.6,
  waitSeconds: 0,
  diskMebibytes: 0,
  gpuSeconds: 0,
  gpuOccupancy: 0,
  memoryMebibytes: 256,
  coldCpuSeconds: 0.4,
};
