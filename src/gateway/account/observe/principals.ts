import type { Principal } from '../../../model/index.js';

const FUNCTION_PREFIX = 'fn:';

/** The gateway itself: what works for all functions. */
export const CONTROL_PLANE: Principal = {
  key: 'control-plane',
  kind: 'control-plane',
  name: 'control-plane',
  labels: {},
};

/** Whatever else runs on the machine. */
export const REST: Principal = { key: 'os', kind: 'system', name: 'os', labels: {} };

/** Key of the whole machine's busy time, beside those of principals. */
export const SYSTEM_KEY = 'system';

/** All replicas of a function together. */
export const functionPrincipal = (name: string): Principal => ({
  key: `${FUNCTION_PREFIX}${name}`,
  kind: 'function',
  name,
  labels: {},
});

/** The function that a principal's key speaks of, if it does. */
export const functionOf = (key: string): string | undefined =>
  key.startsWith(FUNCTION_PREFIX) ? key.slice(FUNCTION_PREFIX.length) : undefined;
