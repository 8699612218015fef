import type { FootprintKind } from '../../footprint/index.js';
import type {
  AccountedCall,
  CallStatus,
  FootprintWindow,
  Provenance,
  ServedCall,
  SourceName,
  Trace,
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

/** A function's part of a range of time: sums of the windows in it. */
export interface FootprintRow {
  readonly function: string;
  readonly calls: number;
  readonly errors: number;
  readonly cold: number;
  /** Undefined where no call ended. */
  readonly meanSeconds: number | undefined;
  readonly individualJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
  /** What the kind that was asked for counts of these: all of it unless told. */
  readonly totalJoules: number;
  readonly joulesPerCall: number | undefined;
  /** What one call adds to what the machine draws, as of the last update: a forecast, not a share. */
  readonly marginalJoulesPerCall: number | undefined;
  /** One standard error of it. */
  readonly marginalErrorJoules: number | undefined;
  /** Of all its energy, whatever the kind. */
  readonly operationalGrams: number;
  readonly embodiedGrams: number | undefined;
}

export interface Footprints {
  /** Seconds since 1970: the windows that are in it, which may be less than was asked for. A window is in it once it is settled. */
  readonly from: number;
  readonly to: number;
  readonly kind: FootprintKind;
  readonly functions: readonly FootprintRow[];
  /** Of the whole machine, whatever function or kind was asked for: the parts and `unattributedJoules` make up `measuredJoules`. */
  readonly shares: {
    readonly measuredJoules: number;
    readonly individualJoules: number;
    readonly controlPlaneJoules: number;
    readonly idleJoules: number;
    readonly unattributedJoules: number;
  };
  /** How the figures were got, for people: by what they speak of. */
  readonly provenance: Readonly<Record<string, string>>;
}

export interface FootprintQuery {
  readonly from: number;
  readonly to: number;
  readonly function?: string;
  /** What totals count: everything (`shapley`) when not given. `work` is not kept apart here, and is refused. */
  readonly kind?: FootprintKind;
}

export interface TimeRange {
  /** Seconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A trace directory that is being written. */
export interface TraceRecording {
  readonly directory: string;
  /** Ends it with the last window that is settled. */
  stop(): Promise<void>;
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
  /** Calls whose energy is settled: those that ended in windows up to the last update. */
  calls(query: CallQuery): Promise<CallPage>;
  /** What there is of a range, as `wattloop attribute` wants it; seconds of its times count from the first tick's beginning. */
  trace(range: TimeRange): Promise<Trace>;
  /** Writes a trace directory from the window at hand on, a window at a time. */
  recordTrace(directory: string): Promise<TraceRecording>;
  /** Undefined when all is well, else what is wrong. */
  ailment(): string | undefined;
  close(): Promise<void>;
}
