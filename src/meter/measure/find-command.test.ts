import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findCommand } from './find-command.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattloop-find-'));
  for (const name of ['first', 'second']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'first', 'tool'));
  for (const path of ['second/tool', 'first/text', 'second/text'])
    writeFileSync(join(folder, path), '#!/bin/sh\n');
  chmodSync(join(folder, 'second/tool'), 0o755);
});

const find = (command: string): string =>
  findCommand(command, { PATH: `${join(folder, 'first')}:${join(folder, 'second')}` });

describe('findCommand', () => {
  it('finds a program in PATH, past a folder of the same name', () => {
    expect(find('tool')).toBe(join(folder, 'second/tool'));
  });

  it('finds a program by its path', () => {
    expect(find(join(folder, 'second/tool'))).toBe(join(folder, 'second/tool'));
  });

  it.each([
    ['nothing', 127],
    ['', 127],
    ['text', 126],
    ['/', 126],
    ['/etc/passwd/x', 127],
  ])('refuses %j with exit code %i', (command, exitCode) => {
    expect(() => find(command)).toThrowError(expect.objectContaining({ exitCode, code: 'command_failed' }));
  });
});
