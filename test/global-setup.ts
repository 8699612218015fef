import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** End-to-end tests run the compiled program: it is made anew when a source is newer, also when one file of tests runs alone. */
export function setup(): void {
  const ensured = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'ensure.js')], {
    stdio: 'inherit',
  });
  if (ensured.status !== 0) throw new Error('the program could not be compiled');
}
