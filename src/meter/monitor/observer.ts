import type { Principal } from '../../model/index.js';
import type { UsageSource } from '../source.js';

/** Cumulative CPU seconds of one process or group, and whose it is. Several may belong to one principal. */
export interface PrincipalUsage {
  readonly id: string;
  readonly principal: Principal;
  readonly cpuSeconds: number;
}

/** Tells principals apart in what a usage source says: by process, or by container and service. */
export interface Observer {
  /** The source it reads, of those that are open; undefined when none serves. */
  choose(sources: readonly UsageSource[]): UsageSource | undefined;
  observe(source: UsageSource): PrincipalUsage[];
  /** The id of the usage that contains this process, when there is one: what this process uses is taken out of it. */
  own(source: UsageSource): string | undefined;
}
