import { isatty } from 'node:tty';
import { inAscii, showsUnicode } from '../report/index.js';

const STDOUT = 1;

/** Columns of the terminal that stdout is; undefined where it is none, and lines may be as long as they like. */
export const terminalWidth = (): number | undefined =>
  isatty(STDOUT) ? process.stdout.columns || undefined : undefined;

/** Text as the terminal that stdout is can show it. */
export const toTerminal = (text: string): string =>
  isatty(STDOUT) && !showsUnicode(process.env) ? inAscii(text) : text;
