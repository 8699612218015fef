import { join, sep } from 'node:path';

const FOLDER = import.meta.dirname;

/** The program of the database's thread. Run from its sources, as tests are, the compiled one is taken. */
export const THREAD_PROGRAM = join(
  import.meta.filename.endsWith('.ts') ? FOLDER.replace(`${sep}src${sep}`, `${sep}dist${sep}`) : FOLDER,
  'thread.js',
);
