import type { Host } from '../../../base/index.js';
import { findHierarchies } from '../../../meter/index.js';
import type { EnforcedLimit, Settings } from '../../../model/index.js';
import { Affinity } from './affinity.js';
import { CgroupLimiter, type ClientGroups } from './cgroup-limiter.js';
import { type ClientGroup, type ClientGroupResult, makeClientGroup } from './client-group.js';
import { type ControllerName, findController } from './find-controller.js';
import { removeLeftovers } from './leftovers.js';
import type { Limiter } from './limiter.js';
import { LocalLimiter } from './local-limiter.js';

const asGroup = (result: ClientGroupResult): ClientGroup | undefined =>
  'reason' in result ? undefined : result;

/** What can keep workers of this machine to what they are given: tried, not guessed. */
export async function chooseLimiter(
  host: Host,
  limits: Settings['compute']['local']['limits'],
): Promise<Limiter> {
  if (limits === 'none') {
    const none: EnforcedLimit = { by: 'none', note: 'compute.local.limits is "none"' };
    return new LocalLimiter({
      host,
      cpu: none,
      memory: none,
      groups: undefined,
      affinity: undefined,
      watchMemory: false,
    });
  }
  const cpu = await clientGroup(host, 'cpu');
  const cpuGroup = asGroup(cpu);
  const memory = await clientGroup(host, 'memory', cpuGroup);
  const memoryGroup = asGroup(memory);
  const accounting = await accountingGroup(host, cpuGroup ?? memoryGroup);
  const groups: ClientGroups = {
    ...(cpuGroup ? { cpu: cpuGroup } : {}),
    ...(memoryGroup ? { memory: memoryGroup } : {}),
    ...(accounting ? { accounting } : {}),
  };
  const affinity = cpuGroup ? undefined : Affinity.find(host);
  return new LocalLimiter({
    host,
    cpu: cpuGroup ? byGroup(cpuGroup) : weakerCpu(affinity, cpu),
    memory: memoryGroup ? byGroup(memoryGroup) : watchedMemory(memory),
    groups: cpuGroup || memoryGroup || accounting ? new CgroupLimiter(host, groups) : undefined,
    affinity,
    watchMemory: memoryGroup === undefined,
  });
}

async function clientGroup(
  host: Host,
  controller: ControllerName,
  beside?: ClientGroup,
): Promise<ClientGroupResult> {
  const hierarchy = findController(host, controller);
  if (hierarchy === undefined) return { reason: `no hierarchy of control groups has "${controller}"` };
  await removeLeftovers(host, hierarchy);
  // Both controllers of version 2 are for the same group.
  const at = hierarchy.version === 2 && beside?.version === 2 ? beside.folder : undefined;
  return makeClientGroup(host, hierarchy, controller, at);
}

/**
 * Where CPU time is counted, be there limits or not: in version 2 in every group, with or without controllers; in version 1 where
 * cpuacct is, which may be a hierarchy of its own.
 */
async function accountingGroup(host: Host, group: ClientGroup | undefined): Promise<ClientGroup | undefined> {
  const hierarchy = findController(host, 'cpuacct');
  if (hierarchy === undefined) return group?.version === 2 ? group : await plainGroup(host);
  await removeLeftovers(host, hierarchy);
  return asGroup(makeClientGroup(host, hierarchy, 'cpuacct'));
}

/** A group of version 2 that limits nothing. */
async function plainGroup(host: Host): Promise<ClientGroup | undefined> {
  const hierarchy = findHierarchies(host).find(({ version }) => version === 2);
  if (hierarchy === undefined) return undefined;
  await removeLeftovers(host, hierarchy);
  return asGroup(makeClientGroup(host, hierarchy, undefined));
}

const byGroup = ({ version }: ClientGroup): EnforcedLimit => ({
  by: version === 2 ? 'cgroup-v2' : 'cgroup-v1',
});

const whyNot = (result: ClientGroupResult): string =>
  'reason' in result ? `no control groups: ${result.reason}` : '';

function weakerCpu(affinity: Affinity | undefined, result: ClientGroupResult): EnforcedLimit {
  return affinity
    ? { by: 'affinity', note: `bound to whole processors; ${whyNot(result)}` }
    : { by: 'none', note: `there is no taskset; ${whyNot(result)}` };
}

const watchedMemory = (result: ClientGroupResult): EnforcedLimit => ({
  by: 'watchdog',
  note: `V8's heap limit, and an eye on resident memory ten times a second; ${whyNot(result)}`,
});
