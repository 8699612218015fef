import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from '../../worker/describe-error.js';
import { dieWithClient } from '../../worker/die-with-client.js';
import { serveCalls } from '../call-server.js';
import { CpuLedger } from '../cpu-ledger.js';
import type { FromFunctionHost, HostSetUp } from '../protocol.js';
import { HandlerCall } from './handler-call.js';
import { loadHandler } from './load-handler.js';

/** How long a spoiled process waits for calls that were on their way to it. */
const LAST_CALLS_MILLISECONDS = 1_000;

/** Loads a handler and serves its calls. */
export async function serveHandler(
  setUp: HostSetUp,
  tell: (message: FromFunctionHost) => void,
): Promise<void> {
  dieWithClient(setUp.clientPid);
  const { module, timeoutSeconds, secretsFolder } = setUp;
  if (module === undefined) throw new Error('a handler needs a module');
  const ledger = new CpuLedger();
  /** Whose code runs: also in a timer or a promise that a call left behind. */
  const owner = new AsyncLocalStorage<HandlerCall>();
  let isSpoiled = false;
  const ended = (): void => {
    if (!isSpoiled || ledger.underWay > 0) return;
    setTimeout(() => {
      if (ledger.underWay === 0) process.exit(1);
    }, LAST_CALLS_MILLISECONDS);
  };
  const uncaught = (thrown: unknown): void => {
    const call = owner.getStore();
    const { name, message, stack } = describeError(thrown);
    if (call === undefined) process.stderr.write(`${stack ?? `${name}: ${message}`}\n`);
    call?.fail(thrown);
    if (isSpoiled) return;
    isSpoiled = true;
    tell({ kind: 'spoiled', message: `an error that nothing caught: ${name}: ${message}` });
    ended();
  };
  const loaded = await loadHandler(module);
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', uncaught);
  const around = { loaded, ledger, timeoutSeconds, secretsFolder, ended };
  await serveCalls(setUp.socketPath, (request, response) => {
    const call = new HandlerCall(request, response, around);
    void owner.run(call, () => call.run());
  });
}
