import type { IncomingMessage } from 'node:http';
import type { ReplicaPlan } from '../replica/replica.js';
import { ReplicaLog } from '../replica/replica-log.js';
import type { DockerEngine } from './engine.js';
import { OutputFrames } from './output-frames.js';

const TAIL_BYTES = 2_000;
/** What the engine has not told so long after the end is not waited for. */
const LAST_WORDS_SECONDS = 2;

/** Writes what a container prints into its replica's log, and remembers the last of it. */
export class ContainerOutput {
  readonly #log: ReplicaLog;
  #tail = Buffer.alloc(0);
  #stream: IncomingMessage | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor({ logFile, logLimitBytes }: ReplicaPlan) {
    this.#log = new ReplicaLog(logFile, logLimitBytes);
  }

  get tail(): string {
    return this.#tail.toString('utf8').trim();
  }

  async follow(engine: DockerEngine, id: string): Promise<void> {
    const query = { follow: '1', stdout: '1', stderr: '1' };
    const stream = await engine.open('GET', `/containers/${id}/logs`, { query });
    const frames = new OutputFrames((piece) => {
      this.#log.write(piece);
      this.#tail = Buffer.from(Buffer.concat([this.#tail, piece]).subarray(-TAIL_BYTES));
    });
    this.#stream = stream;
    this.#ended = new Promise((resolve) => {
      stream.on('data', (chunk: Buffer) => frames.push(chunk));
      stream.on('error', () => resolve());
      stream.on('close', () => resolve());
    });
  }

  /** Once the container has ended: waits for its last words. */
  async close(): Promise<void> {
    const stream = this.#stream;
    const timer = setTimeout(() => stream?.destroy(), LAST_WORDS_SECONDS * 1e3);
    await this.#ended;
    clearTimeout(timer);
    this.#log.close();
  }
}
