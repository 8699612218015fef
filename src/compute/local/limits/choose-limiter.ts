import type { Host } from '../../../base/index.js';
import type { Settings } from '../../../model/index.js';
import type { Limiter } from './limiter.js';
import { noLimits } from './no-limits.js';

export async function chooseLimiter(
  _host: Host,
  _limits: Settings['compute']['local']['limits'],
): Promise<Limiter> {
  return noLimits('compute.local.limits is none');
}
