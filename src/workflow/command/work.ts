import { readFile } from 'node:fs/promises';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';

/** The units of work that a command told of: the sum of the numbers in the file. Undefined where it wrote none. */
export async function readWork(path: string, command: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  });
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words.reduce((sum, word) => sum + unitsFrom(word, command), 0);
}

function unitsFrom(word: string, command: string): number {
  const units = Number(word);
  if (Number.isFinite(units) && units >= 0) return units;
  throw new WattloopError(
    ErrorCode.badInput,
    `${command} told ${JSON.stringify(word)} as its work, which is no amount`,
    {
      remedy: 'Write numbers from 0 to the file that $WATTLOOP_WORK names, apart by blanks or lines',
    },
  );
}
