import type { GroupPlaces } from '../../meter/index.js';
import type {
  AbsentMethod,
  EnergyShare,
  InvocationError,
  InvocationPhase,
  MethodUsage,
  Settings,
  SourceName,
} from '../../model/index.js';
import type { Task } from '../backend.js';

/** The first message to a worker: what holds for all its invocations. */
export interface SetUp {
  readonly kind: 'set-up';
  readonly settings: Settings;
  readonly sysfs: string;
  readonly procfs: string;
  /** The client, and when it began to start this process, on the machine's monotonic clock. */
  readonly clientPid: number;
  readonly spawnedAt: number;
  readonly logLimitBytes: number;
  /** The worker's own control group, where it has one. */
  readonly group?: GroupPlaces;
}

export type ToWorker =
  | SetUp
  | {
      readonly kind: 'run';
      readonly task: Task;
      /** The task was there before the worker's process was. */
      readonly waited: boolean;
    }
  | { readonly kind: 'cancel'; readonly id: string };

/** The worker can take its first task. What its methods are is said once, not with every invocation. */
interface Ready {
  readonly kind: 'ready';
  readonly absent: readonly AbsentMethod[];
  /** Energy sources that are read around every invocation. */
  readonly energySources: readonly SourceName[];
}

/** What came of one invocation, as its worker saw it. */
export interface Outcome {
  readonly kind: 'outcome';
  readonly id: string;
  readonly status: 'done' | 'failed' | 'cancelled';
  readonly value?: unknown;
  readonly error?: InvocationError;
  readonly cold: boolean;
  /** On the machine's monotonic clock. */
  readonly startedAt: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly phases: readonly InvocationPhase[];
  readonly energies: readonly EnergyShare[];
  readonly usage: readonly MethodUsage[];
  readonly memoryPeakMib?: number;
  readonly readBytes?: number;
  readonly writtenBytes?: number;
  readonly isLogged: boolean;
}

/** Code of the user went on after its invocation and failed: the process is not to be trusted with another one. */
interface Spoiled {
  readonly kind: 'spoiled';
}

export type FromWorker = Ready | Outcome | Spoiled;

const KINDS: readonly unknown[] = ['ready', 'outcome', 'spoiled'];

/** User code has the same channel and may send whatever it likes. */
export const isFromWorker = (message: unknown): message is FromWorker =>
  typeof message === 'object' && message !== null && 'kind' in message && KINDS.includes(message.kind);
