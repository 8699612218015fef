import { request } from 'node:http';
import { connect } from 'node:net';

const LOOPBACK = '127.0.0.1';
const FIRST_WAIT_MILLISECONDS = 5;
const LONGEST_WAIT_MILLISECONDS = 100;
/** A server that is still coming up may take a connection and forget it. */
const ANSWER_MILLISECONDS = 2_000;

export interface PortReadiness {
  readonly port: number;
  /** Without it an open port is enough. */
  readonly path: string | undefined;
  /** Whether it is the replica itself that listens, and not someone who was faster. */
  isOurs(): boolean;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Waits until a server takes calls. The kernel has no event for it, so it is tried again and again, at growing intervals. */
export async function portReady({ port, path, isOurs, signal }: PortReadiness): Promise<void> {
  let wait = FIRST_WAIT_MILLISECONDS;
  while (!signal.aborted) {
    const answers = path === undefined ? await accepts(port) : await succeeds(port, path);
    if (answers && isOurs()) return;
    await pause(wait, signal);
    wait = Math.min(LONGEST_WAIT_MILLISECONDS, wait * 1.5);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function succeeds(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { port, host: LOOPBACK, path, agent: false, timeout: ANSWER_MILLISECONDS },
      (response) => {
        response.resume();
        response.on('error', () => undefined);
        const { statusCode = 0 } = response;
        resolve(statusCode >= 200 && statusCode < 300);
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
