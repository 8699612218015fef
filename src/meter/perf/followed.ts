import { type Host, messageOf } from '../../base/index.js';
import { NANOSECONDS_PER_SECOND, type ProcessIdentity, type Usage } from '../../model/index.js';
import type { FollowedTree } from '../source.js';
import type { Metric } from './events.js';
import { type Place, sumOf } from './place.js';

const COUNTS = [
  'contextSwitches',
  'cycles',
  'instructions',
  'llcMisses',
] as const satisfies readonly Metric[];
export type Counts = { [Key in (typeof COUNTS)[number]]?: number };

/** Those counts that are known; a key that is absent was not counted. */
export function countsOf(places: readonly Place[]): Counts {
  const counts: Counts = {};
  for (const metric of COUNTS) {
    const sum = sumOf(places, metric);
    if (sum !== undefined) counts[metric] = sum;
  }
  return counts;
}

/** Reads every place; one that can't be read keeps what it had, and is told once. */
export class Places {
  readonly all: readonly Place[];
  readonly #host: Host;
  #told = false;

  constructor(host: Host, places: readonly Place[]) {
    this.#host = host;
    this.all = places;
  }

  read(): void {
    for (const place of this.all) {
      try {
        place.read();
      } catch (error) {
        if (!this.#told) this.#host.log.warn('perf: counter cannot be read', { error: messageOf(error) });
        this.#told = true;
      }
    }
  }

  close(): void {
    for (const place of this.all) place.close();
  }
}

/** A process tree or control group whose counters are open. After `close` it goes on telling what it read last. */
export class Followed implements FollowedTree {
  readonly #places: Places;
  readonly #members: () => ProcessIdentity[];
  readonly #onClose: () => void;
  #closed = false;

  constructor(places: Places, members: () => ProcessIdentity[], onClose: () => void) {
    this.#places = places;
    this.#members = members;
    this.#onClose = onClose;
  }

  read(): Usage {
    if (!this.#closed) this.#places.read();
    const { all } = this.#places;
    return {
      cpuSeconds: (sumOf(all, 'cpuNanoseconds') ?? 0) / NANOSECONDS_PER_SECOND,
      ...countsOf(all),
    };
  }

  living(): ProcessIdentity[] {
    return this.#closed ? [] : this.#members();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#places.close();
    this.#onClose();
  }
}
