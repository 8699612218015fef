import { join, sep } from 'node:path';

const FOLDER = import.meta.dirname;

/** The account's program. Run from its sources, as tests are, the compiled one is taken. */
export const ACCOUNT_PROGRAM = join(
  import.meta.filename.endsWith('.ts') ? FOLDER.replace(`${sep}src${sep}`, `${sep}dist${sep}`) : FOLDER,
  'main.js',
);
