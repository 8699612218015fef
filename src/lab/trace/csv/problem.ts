import { ErrorCode, WattloopError } from '../../../base/index.js';

/** What is wrong with a line. Who reads the file adds its name and the line's number. */
export class Problem extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Bad input, said with the file and, where it is one line's, its number. */
export function badFile(path: string, line: number | undefined, why: string, remedy: string): WattloopError {
  const place = line === undefined ? path : `${path}, line ${line}`;
  return new WattloopError(ErrorCode.badInput, `${place}: ${why}`, { remedy });
}

const LONGEST_QUOTE = 60;

/** Text of a file as it is quoted in a message: short, and without what would break the line. */
export function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return JSON.stringify(short);
}
