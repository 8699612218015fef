import type { WorkerRule } from '../../../model/index.js';

/** The rules of one platform. */
export interface PlatformRules {
  readonly platform: string;
  readonly rules: readonly WorkerRule[];
}
