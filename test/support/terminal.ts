import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freshFolder } from './wattloop.js';

/** Why terminals can't be tested here, or undefined where they can. */
export const NO_TERMINAL =
  spawnSync('tmux', ['-V']).status === 0 ? undefined : 'tmux is not installed (apt install tmux)';

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A real terminal of 80 by 24, by tmux on a server of its own. Its shell stays when a command in it has ended. */
export class Terminal {
  readonly #socket = join(freshFolder(), 'tmux');

  constructor(
    options: {
      readonly width?: number;
      readonly height?: number;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ) {
    const { width = 80, height = 24, env = { LC_ALL: 'C.UTF-8' } } = options;
    const set = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(width), '-y', String(height)];
    this.#tmux(
      '-f',
      '/dev/null',
      '-u',
      'new-session',
      '-d',
      ...size,
      ...set,
      '-c',
      freshFolder(),
      "PS1='$ ' sh",
    );
  }

  /** Types a command at the prompt and runs it. */
  async run(...command: string[]): Promise<void> {
    await this.shows(/^\$ ?$/m);
    this.type(command.map(quoted).join(' '), 'Enter');
  }

  /** Types text and keys, by tmux's names: `Enter`, `Up`, `C-c`, `Escape`. */
  type(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  resize(width: number, height: number): void {
    this.#tmux('resize-window', '-x', String(width), '-y', String(height));
  }

  /** What stands on the screen, as lines. */
  lines(): string[] {
    return this.#tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  }

  async shows(pattern: RegExp): Promise<string[]> {
    await expect.poll(() => this.lines().join('\n'), { timeout: 20_000, interval: 50 }).toMatch(pattern);
    return this.lines();
  }

  /** Whether the alternate screen is on, and the cursor is shown. */
  modes(): { alternate: boolean; cursor: boolean } {
    const [alternate, cursor] = this.#tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}')
      .trim()
      .split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  get panePid(): number {
    return Number(this.#tmux('display-message', '-p', '#{pane_pid}'));
  }

  close(): void {
    spawnSync('tmux', ['-S', this.#socket, 'kill-server']);
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8' });
  }
}
