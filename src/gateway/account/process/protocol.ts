import type { LogFields } from '../../../base/index.js';
import type { AccountedCall, FootprintWindow, Settings, Trace } from '../../../model/index.js';
import type {
  AccountedReplica,
  AccountTick,
  CallPage,
  CallQuery,
  FootprintQuery,
  Footprints,
  FunctionPower,
  TimeRange,
} from '../account.js';

type RunningCall = readonly [key: number, name: string, startedAt: number];

/** The first message: what the account is to be, and what went on before it. */
export interface SetUp {
  readonly kind: 'set-up';
  readonly settings: Settings;
  readonly sysfs: string;
  readonly procfs: string;
  readonly version: string;
  readonly gatewayPid: number;
  /** Replicas that were there before this process. */
  readonly replicas: readonly AccountedReplica[];
  readonly running: readonly RunningCall[];
  /** The machine's counters as they were shown last: they go on from there. */
  readonly counters: Readonly<Record<string, number>>;
  /** Events of calls that were lost, in all. */
  readonly lost: number;
}

/** Events of calls, in order. */
interface Feed {
  readonly kind: 'feed';
  readonly numbers: Float64Array;
  readonly shared: readonly string[];
  readonly own: string;
}

/** Some events got lost: these are all calls that run. */
interface Resume {
  readonly kind: 'resume';
  readonly running: readonly RunningCall[];
  /** Events that were lost, in all. */
  readonly lost: number;
}

/** What can be asked. */
export interface Questions {
  footprints(query: FootprintQuery): Promise<Footprints>;
  calls(query: CallQuery): Promise<CallPage>;
  trace(range: TimeRange): Promise<Trace>;
  /** Answers when the recording has begun. */
  record(directory: string): Promise<undefined>;
  stopRecording(directory: string): Promise<undefined>;
}

export type Question = keyof Questions;

export type ToAccount =
  | SetUp
  | Feed
  | Resume
  | { readonly kind: 'replica-started'; readonly replica: AccountedReplica }
  | { readonly kind: 'replica-ended'; readonly id: string; readonly cpuSeconds: number | undefined }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly query: unknown }
  | { readonly kind: 'subscribe'; readonly updates: boolean; readonly calls: boolean }
  | { readonly kind: 'close' };

/** An error as it travels. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | undefined;
}

export type FromAccount =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | {
      readonly kind: 'tick';
      readonly tick: Omit<AccountTick, 'functions'>;
      /** Only when they changed. */
      readonly functions: readonly FunctionPower[] | undefined;
      readonly machinePage: string;
      /** Only when it changed. */
      readonly functionPage: string | undefined;
      readonly counters: Readonly<Record<string, number>>;
      readonly ailment: string | undefined;
    }
  | { readonly kind: 'update'; readonly window: FootprintWindow }
  | { readonly kind: 'calls'; readonly calls: readonly AccountedCall[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: PlainError }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: LogFields;
    }
  | { readonly kind: 'closed' };
