import type { Resources } from './configuration.js';

/**
 * What a function is made of.
 * - `handler`: a TypeScript or JavaScript module, bundled and run in worker processes.
 * - `command`: a program started for every call: the body is its standard input, its standard output the answer.
 * - `http`: a program that is started once and answers HTTP itself.
 * - `image`: a container image whose container answers HTTP.
 */
export const FUNCTION_KINDS = ['handler', 'command', 'http', 'image'] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** How many replicas a function may have, and what each is given to do. */
export interface FunctionScale {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Seconds without a call after which replicas beyond `minReplicas` end. */
  readonly idleSeconds: number;
  /** Calls that one replica works on at once. */
  readonly concurrency: number;
}

export interface FunctionQueue {
  /** Calls that wait for a replica at most; what comes beyond is refused (429). */
  readonly limit: number;
  /** Seconds that a call waits at most. */
  readonly deadlineSeconds: number;
}

/** A function as its owner describes it, with all defaults filled in. Plain data. */
export interface FunctionSpec {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Of a handler: the module's absolute path. */
  readonly handler?: string;
  /** Of a command or an HTTP server: the program and its arguments. */
  readonly command?: readonly string[];
  /** Of an image: its name. */
  readonly image?: string;
  /** The working folder of its processes: an absolute path. */
  readonly folder?: string;
  /** Of an HTTP server or an image: the port on which it listens if it can't be told one (`PORT`). */
  readonly port?: number;
  /** Path that an HTTP server or a container answers when it is ready; without it an open port is enough. */
  readonly readyPath?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secrets that it may read. */
  readonly secrets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What each replica is kept to; without limit where absent. */
  readonly limits: Partial<Resources>;
  /** What its owner says that a replica needs: told again to whoever asks. */
  readonly requests?: Partial<Resources>;
  /** Where its owner wants it placed: told again to whoever asks, as there is one machine. */
  readonly constraints?: readonly string[];
  /** Of an image: its container can't write into its own file system. */
  readonly readOnlyRootFilesystem?: boolean;
  readonly scale: FunctionScale;
  readonly queue: FunctionQueue;
  /** Seconds that one call may take. */
  readonly timeoutSeconds: number;
  /** The higher, the later it waits or is shed when power is short. */
  readonly priority: number;
}

/** A function as it is served: what was described, and what was made of it. */
export interface DeployedFunction {
  readonly spec: FunctionSpec;
  /** Changes with whatever changes what is served: the description, the code. */
  readonly version: string;
  /** Of a handler: the bundle, an absolute path. */
  readonly module?: string;
  /** Seconds since 1970. */
  readonly deployedAt: number;
}
