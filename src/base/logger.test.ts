import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

describe('createLogger', () => {
  it('writes what is severe enough, as one line whatever the fields hold', () => {
    const lines: string[] = [];
    const log = createLogger('warn', (line) => lines.push(line));
    log.info('hidden');
    log.warn('sensor left out', { path: '/sys/a b', why: 'two\nlines', code: 5, none: undefined });
    expect(lines).toEqual(['wattloop: warn: sensor left out path="/sys/a b" why="two\\nlines" code=5\n']);
  });
});
