import type { FunctionKind, Resources } from '../../model/index.js';

/** What one replica of a function is started with. */
export interface ReplicaPlan {
  /** Names it: in logs, records, control groups, container names. Letters, digits, dots and dashes. */
  readonly id: string;
  readonly function: string;
  readonly version: string;
  readonly kind: FunctionKind;
  /** Of a handler: the bundle. */
  readonly module?: string;
  /** Of a command or an HTTP server. */
  readonly command?: readonly string[];
  readonly image?: string;
  /** Of an image: its container can't write into its own file system, but for /tmp. */
  readonly readOnlyRootFilesystem?: boolean;
  readonly folder?: string;
  readonly port?: number;
  readonly readyPath?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The secrets it may read, by name: its processes find a file of each in the folder that `secret_mount_path` names. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly limits: Partial<Resources>;
  readonly concurrency: number;
  /** Seconds that a call may take; the gateway ends it then, the replica may know. */
  readonly timeoutSeconds: number;
  /** Seconds that it may take to become ready. */
  readonly startSeconds: number;
  /** Where what it prints is kept. */
  readonly logFile: string;
  readonly logLimitBytes: number;
}

/** Where a replica answers HTTP/1.1. */
export type ReplicaAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number };

/** How a replica came to its end. */
export interface ReplicaEnd {
  readonly reason: 'stopped' | 'crashed' | 'out_of_memory';
  /** For people: the exit code or signal, and the last that it printed. */
  readonly message: string;
}

/** A process, or a container, that answers calls of one function. */
export interface Replica {
  readonly plan: ReplicaPlan;
  /** Known once it is ready, of containers not before: asked earlier they throw. */
  readonly address: ReplicaAddress;
  /** Absent until it is known, and of containers where nobody tells. Known when it is ready, where it ever is. */
  readonly pid: number | undefined;
  /** Its control group, as a path below the hierarchy's root, where it has one of its own. */
  readonly group: string | undefined;
  /** Settles when it takes calls; rejects with a WattloopError when it ended before, or took too long. */
  readonly ready: Promise<void>;
  /**
   * Settles when it should be given no more calls, with the reason: an error that nothing caught left it in a state that nobody
   * knows. It answers what it has and then ends; stop it when its calls are done.
   */
  readonly spoiled: Promise<string>;
  /** Settles when it is gone, with all that it started. */
  readonly ended: Promise<ReplicaEnd>;
  /** CPU seconds so far, of it and of all that it started; undefined where nobody tells. */
  cpuSeconds(): number | undefined;
  /** Asks it to end, and ends it by force after so many seconds. Calls that it works on are the caller's to wait for. */
  stop(graceSeconds: number): void;
}

/** What starts replicas of some kinds of functions. */
export interface ReplicaHost {
  /** Why such a replica can never be had here; undefined when it can. */
  refuses(plan: ReplicaPlan): string | undefined;
  /** Throws a WattloopError for a plan that it refuses. What goes wrong later is told by the replica. */
  start(plan: ReplicaPlan): Replica;
  /** Ends all replicas at once and removes what was made for them. */
  close(): Promise<void>;
}

/** Headers by which a replica tells the gateway of a call; the caller never sees them. As trailers where the answer streams. */
export const ReplicaHeader = {
  /** CPU seconds of this call: a decimal number. */
  cpuSeconds: 'x-wattloop-cpu-seconds',
  /**
   * Why the function failed, where it did: `handler` (it threw), and of commands `exit` (with another code than 0), `signal`,
   * `timeout`, `out_of_memory`, `spawn` (it could not be started).
   */
  failure: 'x-wattloop-failure',
} as const;
