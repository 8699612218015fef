import { type Clock, ErrorCode, type Logger } from '../../base/index.js';
import type { ByteRange } from '../object-store.js';
import { type Attempt, storageError } from '../storage-error.js';
import type { CloudDriver, Opened } from './driver.js';

const TRIES_WITHOUT_PROGRESS = 4;
const FIRST_WAIT_SECONDS = 0.1;

export interface Reading {
  readonly driver: CloudDriver;
  readonly key: string;
  readonly range: ByteRange | undefined;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The bytes of an object that was opened; where the connection breaks, it is opened again at the byte that was next. */
export async function* resuming(
  first: Opened,
  reading: Reading,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { driver, key, range, signal, clock, log } = reading;
  let opened: Opened | undefined = first;
  let at = range?.start ?? 0;
  let tries = 0;
  while (opened !== undefined) {
    const { body }: Opened = opened;
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        // Some servers give more than was asked for.
        const wanted = range?.end === undefined ? chunk : chunk.subarray(0, range.end - at);
        at += wanted.length;
        tries = 0;
        yield wanted;
        if (wanted.length < chunk.length) return;
      }
      return;
    } catch (error) {
      if (signal?.aborted || ++tries >= TRIES_WITHOUT_PROGRESS) throw error;
      log.info('a download broke off and goes on', { store: driver.place, key, byte: at });
      await clock.sleep(FIRST_WAIT_SECONDS * 2 ** tries, signal);
    } finally {
      // Also when whoever reads has had enough.
      body.destroy();
    }
    // All was read, and only its end was not seen.
    if (range?.end !== undefined && at >= range.end) return;
    const rest: ByteRange = { start: at, ...(range?.end !== undefined && { end: range.end }) };
    opened = await driver.open(key, rest, signal);
    if (opened !== undefined && opened.etag !== first.etag) {
      opened.body.destroy();
      throw changed(driver.place, { action: 'read', key });
    }
  }
}

const changed = (place: string, attempt: Attempt) =>
  storageError(place, attempt, {
    code: ErrorCode.storageFailed,
    reason: 'it was written anew while it was read',
    remedy: 'Read it again',
  });
