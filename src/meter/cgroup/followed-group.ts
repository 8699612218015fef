import type { ProcessIdentity, Usage } from '../../model/index.js';
import type { ProcessReader } from '../proc/process-reader.js';
import type { FollowedTree } from '../source.js';
import type { GroupMeter } from './group-meter.js';
import { identitiesBelow } from './members.js';

/** A group that is followed with all below it. When it is gone its last figure stands. */
export class FollowedGroup implements FollowedTree {
  readonly #meter: GroupMeter;
  readonly #folder: string;
  readonly #reader: ProcessReader;
  readonly #whenClosed: () => void;
  #isClosed = false;

  constructor(meter: GroupMeter, folder: string, reader: ProcessReader, whenClosed: () => void) {
    this.#meter = meter;
    this.#folder = folder;
    this.#reader = reader;
    this.#whenClosed = whenClosed;
  }

  read(): Usage {
    return this.#isClosed ? this.#meter.last : this.#meter.read();
  }

  living(): ProcessIdentity[] {
    return this.#isClosed ? [] : identitiesBelow(this.#reader, this.#folder);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#meter.close();
    this.#whenClosed();
  }
}
