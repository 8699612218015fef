import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createHost, silentLogger } from '../../../base/index.js';
import { settingsSchema } from '../../../model/index.js';
import { AsyncCalls, type AsyncCallsOptions } from '../async-calls.js';
import type { AsyncAnswer, AsyncRequest, Invoke } from '../call.js';

export const freshFolder = (): string => join(mkdtempSync(join(tmpdir(), 'async-')), 'gateway');

export const exampleRequest = (changes: Partial<AsyncRequest> = {}): AsyncRequest => ({
  function: 'resize',
  method: 'POST',
  path: '',
  query: '',
  headers: { 'content-type': 'text/plain' },
  body: Readable.from([Buffer.from('hello')]),
  ...changes,
});

export const exampleAnswer = (changes: Partial<AsyncAnswer> = {}): AsyncAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: Readable.from([Buffer.from('done')]),
  durationSeconds: 0.5,
  isRetryable: false,
  ...changes,
});

export interface ExampleOptions extends Partial<Omit<AsyncCallsOptions, 'settings' | 'invoke'>> {
  readonly settings?: Record<string, unknown>;
}

/** Asynchronous calls with settings as a file gives them; what is left out is as by default. */
export function openCalls(
  invoke: Invoke,
  { settings, ...options }: ExampleOptions = {},
): Promise<AsyncCalls> {
  return AsyncCalls.open({
    host: createHost({ log: silentLogger }),
    folder: freshFolder(),
    settings: settingsSchema.parse({ gateway: settings }).gateway,
    invoke,
    ...options,
  });
}
