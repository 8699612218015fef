import type { Host } from '../../base/index.js';
import { ProcessReader } from '../proc/process-reader.js';
import { processScope } from '../span/span.js';

/**
 * CPU seconds of this process and of the programs that it ran to read instruments (ipmitool, nvidia-smi), once they have
 * ended. Of another machine's tree only its own are known.
 */
export function selfWithChildren(host: Host): () => number {
  if (!host.live) return processScope.cpuSeconds;
  const reader = new ProcessReader(host);
  const self = reader.handle('self');
  let waited = 0;
  return () => {
    if (reader.readStat(self, true) === 'there') waited = Math.max(waited, reader.waitedSeconds());
    return processScope.cpuSeconds() + waited;
  };
}
