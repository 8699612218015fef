import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_TERMINAL, Terminal } from './support/terminal.js';
import { freshFolder, isAlive, MAIN } from './support/wattloop.js';

const terminals: Terminal[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});
function terminal(): Terminal {
  // The table is longer than 24 lines.
  const opened = new Terminal({ width: 120, height: 60 });
  terminals.push(opened);
  return opened;
}

const MEASURE = [process.execPath, MAIN, 'measure', '--baseline', '0'];

/** What a command has written once it has gone on from there for a while: it waits for its child by then. */
async function content(path: string): Promise<string> {
  const ageSeconds = (): number => (existsSync(path) ? (Date.now() - statSync(path).mtimeMs) / 1e3 : 0);
  await expect.poll(ageSeconds, { timeout: 20_000 }).toBeGreaterThan(0.8);
  return readFileSync(path, 'utf8').trim();
}

describe.skipIf(NO_TERMINAL)(`measure in a terminal (needs ${NO_TERMINAL ?? 'nothing more'})`, () => {
  it('lets Ctrl-C reach a command that catches it once, and reports', async () => {
    const screen = terminal();
    const folder = freshFolder();
    const caught = join(folder, 'caught');
    const ready = join(folder, 'ready');
    const script = `trap 'echo caught >> ${caught}' INT; echo > ${ready}; sleep 2; sleep 0.3; sleep 0.3; echo over >> ${caught}`;
    await screen.run(...MEASURE, '--', 'bash', '-c', script);
    await content(ready);
    screen.type('C-c');
    const lines = await screen.shows(/Exit +0, interrupted/);
    expect(readFileSync(caught, 'utf8')).toBe('caught\nover\n');
    expect(lines.join('\n')).toMatch(/wattloop: interrupted by SIGINT/);
  });

  it('ends a pipeline of the command at Ctrl-C, and leaves nothing behind', async () => {
    const screen = terminal();
    const file = join(freshFolder(), 'pid');
    await screen.run(
      ...MEASURE,
      '--',
      'sh',
      '-c',
      `sleep 600 & sh -c 'echo $0 > ${file}; exec sleep 600' $!; echo not reached`,
    );
    const pid = Number(await content(file));
    screen.type('C-c');
    const lines = await screen.shows(/Exit +130 \(SIGINT\), interrupted/);
    expect(lines).not.toContain('not reached');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('passes a SIGINT on that was sent to it alone, though it has a terminal', async () => {
    const screen = terminal();
    const file = join(freshFolder(), 'pid');
    // The parent of the measured shell is wattloop. The shell catches SIGINT, as it waits for its child.
    await screen.run(
      ...MEASURE,
      '--',
      'sh',
      '-c',
      `sh -c 'echo $0 > ${file}; exec sleep 600' $PPID; echo not reached`,
    );
    process.kill(Number(await content(file)), 'SIGINT');
    const lines = await screen.shows(/Exit +130 \(SIGINT\), interrupted/);
    expect(lines).not.toContain('not reached');
  });

  it('shows how far repetitions are', async () => {
    const screen = terminal();
    await screen.run(...MEASURE, '--repeat', '3', '--', 'true');
    const lines = await screen.shows(/mean of 3 runs/);
    expect(lines).toContain('run 3 of 3');
  });
});
