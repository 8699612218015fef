import { enlarged } from '../../../maths/index.js';
import { Problem } from './problem.js';

const MOST_NAMES = 2 ** 20;
const EMPTY = -1;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Names by number, in the order in which they were first seen. A name is looked up by its bytes, so that text is made
 * once a name and not once a row.
 */
export class Names {
  readonly all: string[] = [];
  readonly #what: string;
  /** Numbers of names by hash, open addressing; at most half full. */
  #slots = new Int32Array(256).fill(EMPTY);
  /** The bytes of all names, one after another; name `i` ends at `#ends[i]`. */
  #bytes = new Uint8Array(4096);
  #ends = new Uint32Array(128);

  /** `what` is what the names are of, for messages: "function". */
  constructor(what: string) {
    this.#what = what;
  }

  indexOf(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, start, end) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot] ?? EMPTY;
      if (index === EMPTY) return this.#add(bytes, start, end, slot);
      if (this.#isName(index, bytes, start, end)) return index;
    }
  }

  #isName(index: number, bytes: Buffer, start: number, end: number): boolean {
    let at = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    if ((this.#ends[index] ?? 0) - at !== end - start) return false;
    for (let from = start; from < end; from++) {
      if (this.#bytes[at++] !== bytes[from]) return false;
    }
    return true;
  }

  #add(bytes: Buffer, start: number, end: number, slot: number): number {
    const index = this.all.length;
    if (index >= MOST_NAMES) {
      throw new Problem(
        `more than ${MOST_NAMES} different names of a ${this.#what}`,
        `Give the name of the ${this.#what} and not one of its own to every row`,
      );
    }
    this.all.push(this.#text(bytes, start, end));
    const from = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    const to = from + end - start;
    if (to > this.#bytes.length) this.#bytes = enlarged(this.#bytes, Math.max(to, this.#bytes.length * 2));
    if (index >= this.#ends.length) this.#ends = enlarged(this.#ends, this.#ends.length * 2);
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#ends[index] = to;
    this.#slots[slot] = index;
    if (this.all.length * 2 > this.#slots.length) this.#spread();
    return index;
  }

  #text(bytes: Buffer, start: number, end: number): string {
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(start, end));
    } catch {
      throw new Problem(`the name of the ${this.#what} is not UTF-8`, 'Save the file as UTF-8');
    }
    if (/\p{Cc}/u.test(text)) {
      throw new Problem(
        `the name of the ${this.#what} holds a control character`,
        'Name it with printable characters',
      );
    }
    return text;
  }

  #spread(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    let from = 0;
    for (let index = 0; index < this.all.length; index++) {
      const to = this.#ends[index] ?? 0;
      let slot = hash(this.#bytes, from, to) & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = index;
      from = to;
    }
    this.#slots = slots;
  }
}

/** FNV-1a with a last mixing, as the slots are chosen by the low bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let state = 0x811c9dc5;
  for (let at = start; at < end; at++) state = Math.imul(state ^ (bytes[at] ?? 0), 0x01000193);
  return state ^ (state >>> 15);
}
