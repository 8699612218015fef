import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * End-to-end tests run the compiled program: it is made anew when a source is newer, also when one file of tests runs alone.
 * All folders that tests make stand in one, which goes at the end.
 */
export function setup(): () => void {
  const ensured = spawnSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'ensure.js')], {
    stdio: 'inherit',
  });
  if (ensured.status !== 0) throw new Error('the program could not be compiled');
  const folder = mkdtempSync(join(tmpdir(), 'wl-'));
  // Some tests run as nobody.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
