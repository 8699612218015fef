import { join, sep } from 'node:path';

const FOLDER = import.meta.dirname;

/** The program of a function host. Run from its sources, as tests are, the compiled one is taken. */
export const FUNCTION_HOST_PROGRAM = join(
  import.meta.filename.endsWith('.ts') ? FOLDER.replace(`${sep}src${sep}`, `${sep}dist${sep}`) : FOLDER,
  '..',
  'function-host',
  'main.js',
);
