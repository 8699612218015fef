import { afterEach, expect, it, vi } from 'vitest';
import * as base from '../base/index.js';
import { ManualClock } from '../base/index.js';
import { ProgressBar } from './progress.js';

vi.mock('../base/index.js', async (original) => ({
  ...(await original<typeof base>()),
  writeError: vi.fn(),
}));
const written = (): string[] => vi.mocked(base.writeError).mock.calls.map(([text]) => text);
afterEach(() => vi.clearAllMocks());

it('draws nothing for work that is soon done, then a bar that goes away at the end', () => {
  const clock = new ManualClock();
  const bar = new ProgressBar(clock, 'simulating', false, true);
  bar.show(0.1);
  bar.end();
  expect(written()).toEqual([]);
  clock.advance(0.6);
  bar.show(0.5);
  bar.show(0.6);
  expect(written()).toEqual([`\rsimulating [${'='.repeat(15)}${' '.repeat(15)}]  50 %`]);
  bar.end();
  expect(written().at(-1)).toBe('\r\x1b[K');
});

it.each([
  [true, true],
  [false, false],
])('draws nothing when quiet or where nobody looks on', (quiet, terminal) => {
  const clock = new ManualClock();
  const bar = new ProgressBar(clock, 'simulating', quiet, terminal);
  clock.advance(5);
  bar.show(0.5);
  bar.end();
  expect(written()).toEqual([]);
});
