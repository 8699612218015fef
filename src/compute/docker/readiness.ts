import { request } from 'node:http';
import type { Clock } from '../../base/index.js';

export interface Door {
  readonly host: string;
  readonly port: number;
  /** Path that is answered with 2xx or 3xx when calls are taken; without it any answer but "not yet" will do. */
  readonly readyPath: string | undefined;
  /** Whether a connection comes from the container itself: a published port takes it before anybody listens. */
  readonly isOwn: boolean;
}

/** Where OpenFaaS' watchdogs tell that they are ready: https://github.com/openfaas/of-watchdog */
const WATCHDOG_HEALTH = '/_/health';
const NOT_YET = 503;
const PROBE_SECONDS = 2;
const FIRST_PAUSE_SECONDS = 0.005;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_SECONDS = 0.1;

/** Undefined when it takes calls, else why not yet. */
function probe({ host, port, readyPath, isOwn }: Door): Promise<string | undefined> {
  const path = readyPath ?? WATCHDOG_HEALTH;
  return new Promise((resolve) => {
    const asked = request({ host, port, path, agent: false, timeout: PROBE_SECONDS * 1e3 }, (answer) => {
      answer.destroy();
      const status = answer.statusCode ?? 0;
      // A server that knows no such path answers HTTP, and that is all that was asked.
      const isReady = readyPath === undefined ? status !== NOT_YET : status >= 200 && status < 400;
      resolve(isReady ? undefined : `${path} is answered with status ${status}`);
    });
    asked.on('timeout', () => {
      // Whoever listens and takes its time with a path that it may not know is there.
      const isThere = isOwn && readyPath === undefined && asked.socket?.connecting === false;
      resolve(isThere ? undefined : `${path} is not answered`);
      asked.destroy();
    });
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}

/** Settles when calls are taken, or with what was still missing when the signal came. */
export async function waitUntilReady(
  clock: Clock,
  door: Door,
  signal: AbortSignal,
): Promise<string | undefined> {
  let pause = FIRST_PAUSE_SECONDS;
  for (;;) {
    const missing = await probe(door);
    if (missing === undefined || signal.aborted) return missing;
    await clock.sleep(pause, signal);
    pause = Math.min(LONGEST_PAUSE_SECONDS, pause * PAUSE_GROWTH);
  }
}
