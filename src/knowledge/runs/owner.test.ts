import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAlive, ownerHere, processView } from './owner.js';

const view = processView();
const NOW = 1_700_000_000;

describe('isAlive', () => {
  it('knows this process by its number and its start', () => {
    const owner = ownerHere(view, process.pid, NOW);
    // However long ago it said so.
    expect(isAlive(owner, view, NOW + 1e6)).toBe(true);
    const later = { ...owner, processStart: owner.processStart?.replace(/\d+$/, '1') };
    expect(isAlive(later, view, NOW)).toBe(false);
  });

  it('knows when another process has ended, though its heart beat a moment ago', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const owner = ownerHere(view, child.pid ?? 0, NOW);
    expect(isAlive(owner, view, NOW)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(isAlive(owner, view, NOW)).toBe(false);
  });

  it.each([
    ['another machine', { hostname: 'elsewhere' }],
    ['another container', { processStart: 'pid:[1] 42' }],
    ['a machine whose processes could not be seen', { processStart: undefined }],
  ])('goes by the heartbeat of a process of %s', (_, changes) => {
    const owner = { ...ownerHere(view, 1, NOW), ...changes };
    expect(isAlive(owner, view, NOW + 30)).toBe(true);
    expect(isAlive(owner, view, NOW + 61)).toBe(false);
  });
});
