import { readFileSync } from 'node:fs';
import { serveCalls } from '../call-server.js';
import { CpuLedger } from '../cpu-ledger.js';
import { ownMicroseconds } from '../own-clock.js';
import type { HostSetUp } from '../protocol.js';
import { ChildrenLedger } from './children-ledger.js';
import { CommandCall } from './command-call.js';

/** Serves calls by starting the command for each. */
export async function serveCommand({
  command,
  socketPath,
  timeoutSeconds,
  killsFile,
}: HostSetUp): Promise<void> {
  if (command === undefined || command.length === 0) throw new Error('a command needs a program');
  const running = new Set<CommandCall>();
  // The code here is Wattloop's own and always lets the event loop turn: the channel's end is seen at once.
  process.on('disconnect', () => {
    for (const call of running) call.kill();
    process.exit(0);
  });
  const around = {
    command,
    // As a plain object: process.env asks the system for every variable.
    environment: { ...process.env },
    timeoutSeconds,
    ledger: new CpuLedger(ownMicroseconds),
    children: new ChildrenLedger(),
    outOfMemoryKills: () => killsIn(killsFile),
  };
  await serveCalls(socketPath, (request, response) => {
    const call = new CommandCall(request, response, around);
    running.add(call);
    void call.run().finally(() => running.delete(call));
  });
}

function killsIn(file: string | undefined): number | undefined {
  if (file === undefined) return undefined;
  try {
    return Number(/^oom_kill (\d+)/m.exec(readFileSync(file, 'latin1'))?.[1] ?? 0);
  } catch {
    return undefined;
  }
}
