import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from '../../worker/describe-error.js';
import { dieWithClient } from '../../worker/die-with-client.js';
import { serveCalls } from '../call-server.js';
import { childrenClock } from '../children-clock.js';
import { CpuLedger } from '../cpu-ledger.js';
import { ownMicroseconds } from '../own-clock.js';
import type { FromFunctionHost, HostSetUp } from '../protocol.js';
import { HandlerCall } from './handler-call.js';
import { LastCalls } from './last-calls.js';
import { loadHandler } from './load-handler.js';

/** Loads a handler and serves its calls. */
export async function serveHandler(
  setUp: HostSetUp,
  tell: (message: FromFunctionHost) => void,
): Promise<void> {
  dieWithClient(setUp.clientPid);
  // A handler is served by a process of its own, and is no child that speaks with its parent.
  process.send = undefined;
  process.setSourceMapsEnabled(true);
  const { module, timeoutSeconds, secretsFolder } = setUp;
  if (module === undefined) throw new Error('a handler needs a module');
  const loaded = await loadHandler(module);
  const children = childrenClock();
  const ledger = new CpuLedger(children ? () => ownMicroseconds() + children() : ownMicroseconds);
  /** Whose code runs: also in a timer or a promise that a call left behind. */
  const owner = new AsyncLocalStorage<HandlerCall>();
  const lastCalls = new LastCalls();
  const uncaught = (thrown: unknown): void => {
    const call = owner.getStore();
    const { name, message, stack } = describeError(thrown);
    if (call === undefined) process.stderr.write(`${stack ?? `${name}: ${message}`}\n`);
    call?.fail(thrown);
    if (lastCalls.spoil()) {
      tell({ kind: 'spoiled', message: `an error that nothing caught: ${name}: ${message}` });
    }
  };
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
  const around = { loaded, ledger, timeoutSeconds, secretsFolder, ended: () => lastCalls.ended() };
  await serveCalls(setUp.socketPath, (request, response) => {
    lastCalls.begun();
    const call = new HandlerCall(request, response, around);
    void owner.run(call, () => call.run());
  });
}
