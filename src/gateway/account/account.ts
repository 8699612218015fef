import type {
  AccountedCall,
  CallStatus,
  FootprintWindow,
  Provenance,
  ServedCall,
  SourceName,
} from '../../model/index.js';

/** A replica whose processes' energy is its function's. */
export interface AccountedReplica {
  readonly id: string;
  readonly function: string;
  readonly pid: number | undefined;
  /** Its control group, as a path below the hierarchy's root. */
  readonly group: string | undefined;
}

/** What a second of processor time costs now: for the figure that a call is given at once. */
export interface EnergyRate {
  /** Active joules for each CPU second, over the last tick. */
  readonly joulesPerCpuSecond: number;
  readonly source: SourceName;
  readonly provenance: Provenance;
}

/** A function as it stood when the functions' power was last updated. */
export interface FunctionPower {
  readonly function: string;
  /** What one call adds to the machine's power while it runs: a forecast for admission. */
  readonly wattsPerCall: number;
  /** One standard error of it, where the method has one. */
  readonly standardError?: number;
  readonly joulesPerCall: number;
  readonly meanSeconds: number;
}

/** The machine over the last tick, for whoever decides by it. Never changed after it was made. */
export interface AccountTick {
  /** Seconds since 1970, of the tick's end. */
  readonly at: number;
  readonly seconds: number;
  /** Primary source; undefined where none answers. */
  readonly watts: number | undefined;
  readonly idleWatts: number | undefined;
  readonly busyCpus: number | undefined;
  readonly rate: EnergyRate | undefined;
  /** Of the last update; empty before the first. */
  readonly functions: readonly FunctionPower[];
}

/** `individual`: own work; `marginal…`: see docs/shares.md. */
export interface FootprintRow {
  readonly function: string;
  readonly calls: number;
  readonly errors: number;
  readonly cold: number;
  readonly meanSeconds: number;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  readonly totalJoules: number;
  readonly joulesPerCall: number | undefined;
  readonly operationalGrams: number;
  readonly embodiedGrams: number | undefined;
}

export interface Footprints {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly functions: readonly FootprintRow[];
  /** The parts and `unattributedJoules` make up `measuredJoules`. */
  readonly shares: {
    readonly measuredJoules: number;
    readonly individualJoules: number;
    readonly controlPlaneJoules: number;
    readonly idleJoules: number;
    readonly unattributedJoules: number;
  };
  readonly provenance: Readonly<Record<string, string>>;
}

export interface FootprintQuery {
  readonly from: number;
  readonly to: number;
  readonly function?: string;
}

export interface CallQuery {
  readonly function?: string;
  readonly status?: CallStatus;
  readonly from?: number;
  readonly to?: number;
  /** The newest first; what the page before gave. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface CallPage {
  readonly calls: readonly AccountedCall[];
  readonly next: string | undefined;
}

/** The live account, as the request path and the API see it. Whoever tells it something never waits. */
export interface LiveAccount {
  replicaStarted(replica: AccountedReplica): void;
  /** `cpuSeconds` is what it used in all, where that is known: of a replica that lived too short to be read there is no other figure. */
  replicaEnded(id: string, cpuSeconds?: number): void;
  /** A call was given to a replica: it is in the rows from then on, also while it runs. `key` names it until it has ended. */
  began(key: number, functionName: string, at: number): void;
  ended(key: number, call: ServedCall): void;
  readonly tick: AccountTick | undefined;
  /** Called after each tick; what is returned ends that. */
  onTick(listener: (tick: AccountTick) => void): () => void;
  /** Called when a window was settled: about every `update_seconds`. */
  onUpdate(listener: (window: FootprintWindow) => void): () => void;
  /** Called with calls whose energy was settled, all of a window at once. */
  onCalls(listener: (calls: readonly AccountedCall[]) => void): () => void;
  /** The account's metrics in Prometheus' text format, as of the last tick; undefined before the first. */
  metrics(): string | undefined;
  footprints(query: FootprintQuery): Promise<Footprints>;
  calls(query: CallQuery): Promise<CallPage>;
  /** Undefined when all is well, else what is wrong. */
  ailment(): string | undefined;
  close(): Promise<void>;
}
