import { statSync } from 'node:fs';

/** What a file was like when it was read: path, bytes, and when it was last changed (nanoseconds). */
export type FileMark = readonly [path: string, size: number, changedAt: string];

/** Absent files have a mark too: one that appears is a change. */
const ABSENT = -1;

/** Asked at once, file by file: with a thousand functions, waiting for threads would take ten times as long. */
function markOf(path: string): FileMark {
  try {
    const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    // Whoever sets the time of change back by hand can't set back that of the file's entry.
    return [path, Number(size), `${mtimeNs}/${ctimeNs}`];
  } catch {
    return [path, ABSENT, ''];
  }
}

export const marksOf = (paths: readonly string[]): FileMark[] => paths.map(markOf);

/** Whether all files are still as they were. */
export const areUnchanged = (marks: readonly FileMark[]): boolean =>
  marks.every(([path, size, changedAt]) => {
    const now = markOf(path);
    return size === now[1] && changedAt === now[2];
  });

/** Whether a file was last changed before a time (seconds since 1970); one that is absent was. */
export function wasChangedBefore([, , changedAt]: FileMark, seconds: number): boolean {
  const [, entryChangedAt = '0'] = changedAt.split('/');
  return Number(BigInt(entryChangedAt) / 1_000n) / 1e6 < seconds;
}

/** A mark that no file has: it counts as changed whatever it is. */
export const unsureMark = ([path, size]: FileMark): FileMark => [path, size, 'unsure'];
