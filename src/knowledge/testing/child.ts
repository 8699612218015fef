import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');

/** Another process that has opened a knowledge base, as `knowledge`, and runs some lines. */
export class Child {
  readonly process: ChildProcess;
  /** What it printed, line by line. */
  readonly lines: AsyncIterableIterator<string>;
  readonly done: Promise<{ readonly code: number | null; readonly stderr: string }>;

  constructor(path: string, lines: string, nodeOptions: readonly string[] = []) {
    const code = `import { exportInvocations, Knowledge } from ${JSON.stringify(join(DIST, 'knowledge', 'index.js'))};
      import { CallColumns } from ${JSON.stringify(join(DIST, 'model', 'index.js'))};
      const knowledge = await Knowledge.open(${JSON.stringify(path)});
      ${lines}`;
    this.process = spawn(process.execPath, [...nodeOptions, '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    this.process.stderr?.on('data', (chunk) => {
      stderr += String(chunk);
    });
    const { stdout } = this.process;
    if (stdout === null) throw new Error('the child has no stdout');
    this.lines = createInterface(stdout)[Symbol.asyncIterator]();
    this.done = once(this.process, 'close').then(([exit]) => ({ code: exit as number | null, stderr }));
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the child ended: ${(await this.done).stderr}`);
    return value;
  }

  async killed(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.done;
  }
}
