const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * Finds where records of a CSV begin: after a line break that is outside quotes. That can be told only from the beginning of
 * the file, as text in quotes may look like anything: so bytes are fed in order, and nothing but a bit is remembered of them.
 */
export class RecordStarts {
  #at: number;
  #quoted = false;

  constructor(at = 0) {
    this.#at = at;
  }

  /** How far it has got. */
  get at(): number {
    return this.#at;
  }

  /**
   * Reads a piece, until a record begins at `wanted` or after it: its place, else undefined. What comes after that place is
   * then not read yet: the rest of the piece, from there on, is to be fed next.
   */
  next(piece: Uint8Array, wanted: number): number | undefined {
    const begin = this.#at;
    // Before the wanted place only quotes matter.
    const quiet = Math.min(piece.length, Math.max(0, wanted - begin - 1));
    // Many files have no quotes at all: to look for one is far faster than to look at every byte.
    if (piece.subarray(0, quiet).includes(QUOTE)) this.#quoted = oddQuotes(piece, quiet) !== this.#quoted;
    for (let index = quiet; index < piece.length; index++) {
      const byte = piece[index];
      if (byte === QUOTE) this.#quoted = !this.#quoted;
      // Between a return and its line feed is as good a place: what follows begins with an empty line, which is no row.
      else if (!this.#quoted && (byte === LINE_FEED || byte === RETURN)) {
        this.#at = begin + index + 1;
        return this.#at;
      }
    }
    this.#at = begin + piece.length;
    return undefined;
  }
}

function oddQuotes(piece: Uint8Array, end: number): boolean {
  let quotes = 0;
  for (let index = 0; index < end; index++) if (piece[index] === QUOTE) quotes++;
  return quotes % 2 === 1;
}

/**
 * For each of `wanted` places, in rising order, where the first record at or after it begins: the end of the object where
 * none does. `pieces` are the object's bytes from `start` on.
 */
export async function recordStarts(
  pieces: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
  wanted: readonly number[],
): Promise<number[]> {
  const scan = new RecordStarts(start);
  const found: number[] = [];
  const settle = (at: number): void => {
    for (let next = wanted[found.length]; next !== undefined && next <= at; next = wanted[found.length])
      found.push(at);
  };
  settle(start);
  if (found.length < wanted.length) {
    for await (const piece of pieces) {
      let rest = piece;
      while (found.length < wanted.length && rest.length > 0) {
        const from = scan.at;
        const at = scan.next(rest, wanted[found.length] ?? end);
        if (at === undefined) break;
        settle(at);
        rest = rest.subarray(at - from);
      }
      if (found.length === wanted.length) break;
    }
  }
  settle(Number.POSITIVE_INFINITY);
  return found.map((at) => Math.min(at, end));
}
