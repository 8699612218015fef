import { join } from 'node:path';
import { type Host, messageOf } from '../../../base/index.js';
import { Knowledge } from '../../../knowledge/index.js';
import type { Settings } from '../../../model/index.js';
import type { AccountStore } from './account-store.js';
import { KnowledgeStore } from './knowledge-store.js';
import { MemoryStore } from './memory-store.js';

/** Seconds to wait for another process that writes: longer, and ticks would wait as well. */
const BUSY_SECONDS = 2;

/** The knowledge base of the settings; where it can't be opened the account is kept in memory, and says so. */
export async function openStore(host: Host, settings: Settings): Promise<AccountStore> {
  const path = join(settings.data_dir, 'knowledge.db');
  try {
    const knowledge = await Knowledge.open(path, { clock: host.clock, busyTimeoutSeconds: BUSY_SECONDS });
    return new KnowledgeStore(knowledge, settings.gateway.retention, host.log);
  } catch (error) {
    const why = `the account is not kept: ${messageOf(error)}`;
    host.log.error(why);
    return new MemoryStore(why);
  }
}
