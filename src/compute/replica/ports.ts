import { createServer } from 'node:net';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';

/** Below what kernels give to connections by themselves (32768 and up), above what services are known by. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 200;

/** Ports for replicas of this process: none is given twice at once. */
export class Ports {
  readonly #taken = new Set<number>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** A port that nobody listens on; to be given back when its replica is gone. */
  async take(): Promise<number> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const port = LOWEST + Math.floor(this.#random() * (HIGHEST - LOWEST));
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      if ((await whyNotFree(port)) === undefined) return port;
      this.#taken.delete(port);
    }
    throw new WattloopError(
      ErrorCode.addressInUse,
      `no free port was found between ${LOWEST} and ${HIGHEST}`,
      {
        remedy: 'Close what listens there, or give the function fewer replicas',
      },
    );
  }

  /** A port that the function insists on. */
  async takeThis(port: number): Promise<number> {
    const why = this.#taken.has(port) ? 'another replica listens on it' : await whyNotFree(port);
    if (why !== undefined) {
      throw new WattloopError(ErrorCode.addressInUse, `port ${port} is in use: ${why}`, {
        remedy: 'Let the program listen on the port that the variable PORT names, and leave "port" out',
      });
    }
    this.#taken.add(port);
    return port;
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}

/** Undefined when the port can be listened on now, on all addresses. */
function whyNotFree(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(systemCode(error) ?? error.message));
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
