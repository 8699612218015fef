import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a test's knowledge base is to be: in a folder that is not there yet. */
export const freshPath = (): string =>
  join(mkdtempSync(join(tmpdir(), 'knowledge-')), 'data', 'knowledge.db');
