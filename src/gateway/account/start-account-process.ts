import type { Host } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import type { LiveAccount } from './account.js';
import { AccountClient } from './process/account-client.js';
import { ACCOUNT_PROGRAM } from './process/account-program.js';

export interface AccountProcessOptions {
  readonly version: string;
  /** The program of the process; the one of this package when not given. */
  readonly program?: string;
}

/**
 * Starts the account of what this process serves, in a process of its own. Rejects when the settings make it impossible;
 * where it can't run for another reason the gateway goes on without, it is tried again, and `ailment` says why.
 */
export async function startAccountProcess(
  host: Host,
  settings: Settings,
  options: AccountProcessOptions,
): Promise<LiveAccount> {
  const { version, program = ACCOUNT_PROGRAM } = options;
  const client = new AccountClient({ host, settings, version, program });
  try {
    await client.opened;
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}
