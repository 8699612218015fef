export const TERMINATORS = { lf: '\n', crlf: '\r\n', cr: '\r' } as const;
export type Terminator = keyof typeof TERMINATORS;

/** No answer of a meter is longer: what is, is noise of a line with the wrong speed. */
const LINE_LIMIT = 16 * 1024;

/** Whole lines out of chunks that begin and end anywhere. */
export class LineSplitter {
  readonly #end: string;
  #rest = '';

  constructor(terminator: Terminator) {
    // Of CR LF the last character ends the line, and the first is trimmed: meters mix them up.
    this.#end = terminator === 'cr' ? '\r' : '\n';
  }

  /** The lines that this chunk completes, without blanks around them. */
  push(chunk: Buffer): string[] {
    const parts = (this.#rest + chunk.toString('latin1')).split(this.#end);
    const rest = parts.pop() ?? '';
    this.#rest = rest.length > LINE_LIMIT ? '' : rest;
    return parts.map((line) => line.trim());
  }
}
