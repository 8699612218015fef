import type { ShuffleKey } from '../data/input-part.js';
import type { DataSource } from '../data/sources.js';

/** Carries a type and nothing else. */
declare const carried: unique symbol;

/** The output of a stage: one partition for each of its workers, each of type `Output`. */
export interface StageRef<Output> {
  readonly stage: string;
  readonly [carried]?: Output;
}

export type Strategy = 'scatter' | 'each' | 'broadcast' | 'gather' | 'shuffle';

/** An input of a stage: where it comes from, and which part of it each worker gets: of type `Received`. */
export interface StageInput<Received> {
  readonly strategy: Strategy;
  readonly from: StageRef<unknown> | DataSource<unknown>;
  /** Of a shuffle. */
  readonly key?: (element: never) => ShuffleKey;
  readonly [carried]?: Received;
}

export const isStageRef = (from: StageInput<unknown>['from']): from is StageRef<unknown> => 'stage' in from;

/**
 * Cuts the elements evenly: with n workers, each gets about one n-th of them, in order. The stage that they come from
 * returns lists; of a data source, each worker gets a list, or a range of bytes.
 */
export function scatter<Element>(from: StageRef<readonly Element[]>): StageInput<Element[]>;
export function scatter<Chunk>(from: DataSource<Chunk>): StageInput<Chunk>;
export function scatter(from: StageRef<readonly unknown[]> | DataSource<unknown>): StageInput<unknown> {
  return { strategy: 'scatter', from };
}

/** Worker i gets partition i, as it was returned: the stage has as many workers as the one that it reads. */
export const each = <Output>(from: StageRef<Output>): StageInput<Output> => ({ strategy: 'each', from });

/** Every worker gets the whole: what the one worker of a stage returned, or all of a data source. */
export function broadcast<Output>(from: StageRef<Output>): StageInput<Output>;
export function broadcast<Chunk>(from: DataSource<Chunk>): StageInput<Chunk>;
export function broadcast(from: StageRef<unknown> | DataSource<unknown>): StageInput<unknown> {
  return { strategy: 'broadcast', from };
}

/** Every worker (usually there is one) gets the list of all partitions. */
export const gather = <Output>(from: StageRef<Output>): StageInput<Output[]> => ({
  strategy: 'gather',
  from,
});

/** Each worker gets the elements, of all partitions, whose key falls to it: equal keys meet in one worker. */
export const shuffle = <Element>(
  from: StageRef<readonly Element[]>,
  key: (element: Element) => ShuffleKey,
): StageInput<Element[]> => ({ strategy: 'shuffle', from, key });
