import { parentPort, workerData } from 'node:worker_threads';
import { ErrorCode, messageOf, WattloopError } from '../../../errors/index.js';
import { CallStore } from './call-store.js';
import type { StoreBatch, StoreFailure, StoreReply, StoreRequest } from './messages.js';

// The thread in which the database of asynchronous calls is written: committing to a disk takes milliseconds, for which
// no request may wait that has nothing to do with it.

function failure(error: unknown): StoreFailure {
  if (!(error instanceof WattloopError))
    return { code: ErrorCode.internal, message: messageOf(error), remedy: undefined };
  return { code: error.code, message: error.message, remedy: error.remedy };
}

function perform(store: CallStore, { method, values }: StoreRequest): unknown {
  const step: (...values: never[]) => unknown = store[method];
  return Reflect.apply(step, store, values);
}

function attempt(work: () => readonly unknown[]): StoreReply {
  try {
    return { results: work() };
  } catch (error) {
    return { failure: failure(error) };
  }
}

const port = parentPort;
if (port !== null) {
  const { path } = workerData as { readonly path: string };
  let store: CallStore | undefined;
  const opened = attempt(() => {
    store = new CallStore(path);
    return [];
  });
  port.on('message', (batch: StoreBatch) => {
    if (batch.length === 0) {
      const closed = attempt(() => [store?.close()]);
      port.postMessage(closed);
      port.close();
      return;
    }
    port.postMessage(
      attempt(
        () => store?.transaction(() => batch.map((request) => perform(store as CallStore, request))) ?? [],
      ),
    );
  });
  port.postMessage(opened);
  if (store === undefined) port.close();
}
