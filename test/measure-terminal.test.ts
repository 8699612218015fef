import { existsSync, readFileSync } from 'node:fs';
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

async function content(path: string): Promise<string> {
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8'), { timeout: 20_000 }).toMatch(/\n/);
  return readFileSync(path, 'utf8').trim();
}

describe.skipIf(NO_TERMINAL)(`measure in a terminal (needs ${NO_TERMINAL ?? 'nothing more'})`, () => {
  it('lets Ctrl-C reach a command that catches it once, and reports', async () => {
    const screen = terminal();
    const script = "trap 'echo caught' INT; echo ready; sleep 0.3; sleep 0.3; sleep 0.3; echo over";
    screen.run(...MEASURE, '--', 'bash', '-c', script);
    await screen.shows(/^ready$/m);
    screen.type('C-c');
    const lines = await screen.shows(/Exit +0, interrupted/);
    expect(lines.filter((line) => line.endsWith('caught'))).toHaveLength(1);
    expect(lines).toContain('over');
    expect(lines.join('\n')).toMatch(/wattloop: interrupted by SIGINT/);
  });

  it('ends a pipeline of the command at Ctrl-C, and leaves nothing behind', async () => {
    const screen = terminal();
    const file = join(freshFolder(), 'pid');
    screen.run(...MEASURE, '--', 'sh', '-c', `sleep 600 & echo $! > ${file}; sleep 600; echo not reached`);
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
    screen.run(...MEASURE, '--', 'sh', '-c', `echo $PPID > ${file}; sleep 600; echo not reached`);
    process.kill(Number(await content(file)), 'SIGINT');
    const lines = await screen.shows(/Exit +130 \(SIGINT\), interrupted/);
    expect(lines).not.toContain('not reached');
  });

  it('shows how far repetitions are', async () => {
    const screen = terminal();
    screen.run(...MEASURE, '--repeat', '3', '--', 'true');
    const lines = await screen.shows(/mean of 3 runs/);
    expect(lines).toContain('run 3 of 3');
  });
});
