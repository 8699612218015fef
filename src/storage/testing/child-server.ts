import { spawn } from 'node:child_process';

export interface ChildServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a server in a process of its own, which says where it listens: `listens on http://127.0.0.1:PORT`. */
export function startChildServer(name: string, args: readonly string[]): Promise<ChildServer> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): Promise<void> => {
    child.kill('SIGKILL');
    return exit;
  };
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const endpoint = /listens on (http:\/\/[\d.]+:\d+)/.exec(text)?.[1];
      if (endpoint !== undefined) resolve({ endpoint, kill });
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${text}`)));
  });
}
