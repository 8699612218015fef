import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ErrorCode, messageOf, WattloopError } from '../../../errors/index.js';
import { CallStore } from './call-store.js';
import type { StoreBatch, StoreOutcome, StoreReply, StoreRequest } from './messages.js';

// The thread in which the database of asynchronous calls is written: committing to a disk takes milliseconds, for which
// no request may wait that has nothing to do with it.

function attempt(work: () => unknown): StoreOutcome {
  try {
    return { result: work() };
  } catch (error) {
    const isOurs = error instanceof WattloopError;
    return {
      failure: {
        code: isOurs ? error.code : ErrorCode.internal,
        message: messageOf(error),
        remedy: isOurs ? error.remedy : undefined,
      },
    };
  }
}

function perform(store: CallStore, { method, values }: StoreRequest): unknown {
  const step: (...values: never[]) => unknown = store[method];
  return Reflect.apply(step, store, values);
}

/** All in one transaction; where that fails, each in its own: one damaged row costs nobody else. */
function performAll(store: CallStore, batch: StoreBatch): StoreReply {
  try {
    return store.transaction(() => batch.map((request) => ({ result: perform(store, request) })));
  } catch {
    return batch.map((request) => attempt(() => store.transaction(() => perform(store, request))));
  }
}

function serve(port: MessagePort, path: string): void {
  let store: CallStore | undefined;
  const opened = attempt(() => {
    store = new CallStore(path);
  });
  port.postMessage([opened]);
  if (store === undefined) port.close();
  else answer(port, store);
}

function answer(port: MessagePort, store: CallStore): void {
  port.on('message', (batch: StoreBatch) => {
    if (batch.length > 0) {
      port.postMessage(performAll(store, batch));
      return;
    }
    attempt(() => store.close());
    port.close();
  });
}

if (parentPort !== null) serve(parentPort, (workerData as { readonly path: string }).path);
