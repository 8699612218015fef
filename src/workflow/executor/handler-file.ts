import { join, sep } from 'node:path';

const FOLDER = import.meta.dirname;

/** The module that workers call. Run from its sources, as tests are, the compiled one is taken. */
export const HANDLER = join(
  import.meta.filename.endsWith('.ts') ? FOLDER.replace(`${sep}src${sep}`, `${sep}dist${sep}`) : FOLDER,
  'handler.js',
);
