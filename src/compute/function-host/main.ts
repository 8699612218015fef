import type { FromFunctionHost, HostSetUp } from './protocol.js';

/** The program of a replica of a handler or a command: set up through its channel, called through its socket. */
function main(): void {
  const channel = process.send?.bind(process);
  if (channel === undefined) {
    process.stderr.write('wattloop: this program serves a function and is started by wattloop itself\n');
    process.exit(2);
  }
  const tell = (message: FromFunctionHost): void => {
    // Whoever started it may be gone; then it ends anyway.
    if (process.connected) channel(message, () => undefined);
  };
  process.once('message', (setUp: HostSetUp) => void serve(setUp, tell));
}

async function serve(setUp: HostSetUp, tell: (message: FromFunctionHost) => void): Promise<void> {
  try {
    if (setUp.mode === 'handler') {
      const { serveHandler } = await import('./handler/serve-handler.js');
      await serveHandler(setUp, tell);
    } else {
      const { serveCommand } = await import('./command/serve-command.js');
      await serveCommand(setUp);
    }
    tell({ kind: 'ready' });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof Error && error.stack ? error.stack : message}\n`);
    tell({ kind: 'failed', message });
    process.exitCode = 1;
    process.disconnect();
  }
}

main();
