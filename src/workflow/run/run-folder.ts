import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Execution } from './partition-key.js';

/** A name that sorts by time and that two runs of the same second don't share: `20261121-155630-k3f9`. */
export function newRunId(wallSeconds: number): string {
  const time = new Date(wallSeconds * 1e3).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomBytes(4).readUInt32LE().toString(36).padStart(4, '0').slice(-4)}`;
}

/** Where a run keeps what is no data: its code, what is said of it to workers, and what its functions print. */
export class RunFolder {
  readonly path: string;

  constructor(dataDir: string, run: string) {
    this.path = join(dataDir, 'runs', run);
  }

  get job(): string {
    return join(this.path, 'job.json');
  }

  logs(stage: string): string {
    return join(this.path, 'logs', stage);
  }

  log(stage: string, partition: number, { attempt, speculative }: Execution): string {
    return join(this.logs(stage), `${partition}.${attempt}${speculative ? '.copy' : ''}.log`);
  }
}
