import type { Limiter } from './limiter.js';

/** Workers take what there is. */
export const noLimits = (note: string): Limiter => ({
  cpu: { by: 'none', note },
  memory: { by: 'none', note },
  limit: () => ({
    command: (program) => [...program],
    group: undefined,
    begun: () => undefined,
    cpuSeconds: () => undefined,
    outOfMemoryKills: () => 0,
    release: async () => undefined,
  }),
  close: async () => undefined,
});
