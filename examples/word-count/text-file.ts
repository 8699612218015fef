import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { textLines } from './text.js';

const LINES_AT_ONCE = 10_000;

/** The file of a text of so many words in a folder. It is written when it is not there yet. */
export function textFile(folder: string, words: number, seed: number): string {
  const path = join(folder, `${words}-words-${seed}.txt`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  // Under a name of its own first: whoever finds the file finds all of it.
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w');
  let lines: string[] = [];
  for (const line of textLines(words, seed)) {
    if (lines.push(`${line}\n`) < LINES_AT_ONCE) continue;
    writeSync(file, lines.join(''));
    lines = [];
  }
  writeSync(file, lines.join(''));
  closeSync(file);
  renameSync(draft, path);
  return path;
}
