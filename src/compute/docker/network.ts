import { type Host, readTextIfAny } from '../../base/index.js';
import type { DockerSettings } from '../../model/index.js';
import { inspectedNetwork } from './answers.js';
import { type DockerEngine, EngineRefusal } from './engine.js';
import { isOnLink } from './on-link.js';

/** By which address containers are reached: their own, or a port of loopback that is published for them. */
export type Reach = 'address' | 'published';

/**
 * How containers on the network can be reached from here. Their own address costs no process that copies bytes; a gateway
 * whose machine has no foot in the network (a desktop's virtual machine, an engine without root) can't use it.
 */
export async function findReach(
  host: Host,
  engine: DockerEngine,
  settings: DockerSettings,
): Promise<Reach | { readonly refusal: string }> {
  const { network, publish } = settings;
  let answer: unknown;
  try {
    answer = await engine.call('GET', `/networks/${encodeURIComponent(network)}`);
  } catch (error) {
    if (!(error instanceof EngineRefusal) || error.status !== 404) throw error;
    return {
      refusal: `the Docker engine has no network "${network}": make it with "docker network create ${network}", or name another one in docker.network`,
    };
  }
  const { Driver: driver, IPAM: plan } = inspectedNetwork.parse(answer);
  if (driver === 'host' || driver === 'null') {
    return {
      refusal: `containers on the network "${network}" have no address of their own: name another one in docker.network`,
    };
  }
  if (publish !== undefined) return publish ? 'published' : 'address';
  const routes = readTextIfAny(host.proc('net/route')) ?? '';
  const isNear = (plan?.Config ?? []).some(({ Gateway: gateway, Subnet: subnet }) =>
    [gateway, subnet?.split('/', 1)[0]].some((address) => address !== undefined && isOnLink(routes, address)),
  );
  return isNear ? 'address' : 'published';
}
