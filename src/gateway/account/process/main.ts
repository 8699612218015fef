import type { AccountServer } from './account-server.js';
import { plainError } from './plain-error.js';
import type { FromAccount, ToAccount } from './protocol.js';

/** How long an account may take to write what it has when its gateway is gone. */
const LAST_MILLISECONDS = 10_000;

/** The program of the account's process: the gateway that started it speaks to it through a channel and nothing else. */
function main(): void {
  const channel = process.send?.bind(process);
  if (channel === undefined) {
    process.stderr.write(
      'wattloop: this program keeps a gateway’s account and is started by wattloop itself\n',
    );
    process.exit(2);
  }
  // A gateway that is gone, or is slow to read, is no error of the account.
  const send = (message: FromAccount): void => {
    if (process.connected) channel(message, () => undefined);
  };
  let server: Promise<AccountServer> | undefined;

  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), LAST_MILLISECONDS).unref();
    try {
      await (await server)?.close();
      if (process.connected) channel({ kind: 'closed' } satisfies FromAccount, () => process.exit(0));
      else process.exit(0);
    } catch (error) {
      send({ kind: 'log', level: 'error', message: plainError(error).message, fields: {} });
      process.exit(1);
    }
  };

  process.on('message', (message: ToAccount) => {
    if (message.kind === 'set-up') {
      // Loaded when the process already ends with its gateway, as it takes longer than all before.
      server = import('./account-server.js').then((module) => module.AccountServer.open(message, send));
      server.then(
        () => send({ kind: 'ready' }),
        (error: unknown) => {
          channel({ kind: 'failed', error: plainError(error) } satisfies FromAccount, () => process.exit(1));
        },
      );
    } else if (message.kind === 'close') void end();
    else void server?.then((open) => open.take(message));
  });
  // Whatever became of the gateway, the account writes what it has and goes after it.
  process.on('disconnect', () => void end());
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
}

main();
