import { dieWithClient } from './die-with-client.js';
import type { FromWorker, ToWorker } from './protocol.js';
import type { Worker } from './worker.js';

/** The program of a worker process: the client that started it speaks to it through a channel and nothing else. */
function main(): void {
  const channel = process.send?.bind(process);
  if (channel === undefined) {
    process.stderr.write('wattloop: this program is a worker and is started by wattloop itself\n');
    process.exit(2);
  }
  const send = (message: FromWorker): void => void channel(message);
  let worker: Promise<Worker> | undefined;
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'set-up') {
      dieWithClient(message.clientPid);
      // Loaded when the process already dies with its client, as it takes longer than all before.
      worker = import('./worker.js').then((module) => module.Worker.open(message, send));
    } else if (message.kind === 'run') {
      void worker?.then((open) => open.run(message));
    } else {
      void worker?.then((open) => open.cancel(message.id));
    }
  });
}

main();
