import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder, isAlive, type Outcome, Running, wattloop } from './wattloop.js';

/** What `wattloop run --json` prints, as far as tests look at it. */
export interface RunDocument {
  readonly run: string;
  readonly status: string;
  readonly stages: readonly {
    readonly name: string;
    readonly invocations: number;
    readonly failed: number;
    readonly retries: number;
  }[];
  readonly result: unknown;
  readonly error: { readonly message: string; readonly remedy?: string } | null;
}

export const documentOf = ({ stdout }: Outcome): RunDocument => JSON.parse(stdout) as RunDocument;

const IMPORTS = `import { broadcast, each, gather, scatter, shuffle, values, workflow } from 'wattloop/workflow';
import { existsSync, writeFileSync, writeSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { execSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
`;

/** Waits until a file is there, in a workflow's function. */
export const UNTIL = (file: string): string => `while (!existsSync('${file}')) await sleep(10);`;

/** A workflow file: `stages` writes them down, with `flow`. Every stage is small, so that tests can share a machine. */
const workflowText = (stages: string, options = '{}'): string =>
  `${IMPORTS}export default workflow('test', ${options}, (flow) => {\n${stages}\n});\n`;

/** A folder with a workflow `wf.ts` in it, in which the program is run. */
export class Project {
  readonly folder = freshFolder();
  /** Temporary files of the program and its workers. */
  readonly temporary = freshFolder();

  constructor(stages: string, files: Readonly<Record<string, string>> = {}, options?: string) {
    this.write('wf.ts', workflowText(stages, options));
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, text = ''): void {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(...names: string[]): string {
    return readFileSync(this.path(...names), 'utf8');
  }

  /** `wattloop run wf.ts` with these arguments. */
  start(...args: string[]): Running {
    const { WATTLOOP_LOG_LEVEL: _, ...env } = process.env;
    return new Running(['run', 'wf.ts', '--no-check', ...args], {
      cwd: this.folder,
      env: { ...env, TMPDIR: this.temporary },
    });
  }

  run(...args: string[]): Promise<Outcome> {
    return this.start(...args).done;
  }

  command(...args: string[]): Promise<Outcome> {
    return wattloop(args, { cwd: this.folder });
  }

  /** Ids of its runs, the latest first. */
  async runs(): Promise<{ readonly run: string; readonly status: string }[]> {
    const { stdout } = await this.command('runs', '--json');
    return (JSON.parse(stdout) as { runs: { run: string; status: string }[] }).runs;
  }

  async latest(): Promise<string> {
    const [latest] = await this.runs();
    if (latest === undefined) throw new Error('nothing has run');
    return latest.run;
  }

  logFolder(run: string, ...names: string[]): string {
    return this.path('.wattloop', 'runs', run, 'logs', ...names);
  }
}

/** Processes that a process has started and that live. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z' ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Control groups that were made for a client's workers. */
export function groupsOf(pid: number): string[] {
  const found: string[] = [];
  const search = (folder: string, depth: number): void => {
    if (depth === 0) return;
    for (const entry of foldersIn(folder)) {
      const path = join(folder, entry);
      if (entry === String(pid) && folder.endsWith('/wattloop')) found.push(path);
      else search(path, depth - 1);
    }
  };
  search('/sys/fs/cgroup', 6);
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}

/** Those of the processes that still live. */
export async function living(pids: readonly number[]): Promise<number[]> {
  const alive = await Promise.all(pids.map(isAlive));
  return pids.filter((_, index) => alive[index]);
}
