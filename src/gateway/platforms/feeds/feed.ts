import type { ServedCall } from '../../../model/index.js';
import type { Recognition } from '../rules/recognition.js';

/** Calls that a platform tells of in sum: those that ended between two moments (seconds since 1970). */
export interface CountedCalls {
  readonly function: string;
  readonly from: number;
  readonly to: number;
  readonly done: number;
  readonly failed: number;
  /** Of all of them together; undefined where only their number is told. */
  readonly seconds: number | undefined;
}

/** Who wants to know of calls. */
export interface FeedSink {
  /** A call began; `id` names it until it has ended. */
  began(id: string, functionName: string, at: number): void;
  /** A call ended, whether or not anyone told that it began. */
  ended(call: ServedCall): void;
  /** What began is over, and nobody knows how it ended. */
  left(id: string, at: number): void;
  counted(calls: CountedCalls): void;
}

/** Where invocations are known from. One that fails says so, and the account goes on by what workers use. */
export interface InvocationFeed {
  readonly name: string;
  /** It tells of calls on other machines too, and not on which. */
  readonly isOfCluster: boolean;
  /** How long after its end a call is told of at most, in the ordinary way. */
  readonly lateSeconds: number;
  /** Begins to tell; settles once it is known whether it can. Never rejects. */
  open(sink: FeedSink): Promise<void>;
  close(): Promise<void>;
  /** Whether it tells of all calls of what was so recognised, as long as nothing ails it. */
  covers(recognition: Recognition): boolean;
  ailment(): string | undefined;
}
