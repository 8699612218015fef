import { type Host, messageOf } from '../../base/index.js';
import { listedContainers } from './answers.js';
import { removeContainer } from './container.js';
import { Label } from './container-request.js';
import type { DockerEngine } from './engine.js';
import { isGone, parseOwner } from './owner.js';

/** Removes the containers of gateways with this data folder that were killed. */
export async function removeLeftovers(host: Host, engine: DockerEngine, gateway: string): Promise<void> {
  const filters = JSON.stringify({ label: [`${Label.gateway}=${gateway}`] });
  try {
    const found = listedContainers.parse(
      await engine.call('GET', '/containers/json', { query: { all: '1', filters } }),
    );
    for (const { Id: id, Labels: labels } of found) {
      const owner = parseOwner(labels[Label.owner] ?? '');
      if (owner === undefined || !isGone(host, owner)) continue;
      await removeContainer(engine, id);
      host.log.info('container of a gateway that died', { id, function: labels[Label.function] });
    }
  } catch (error) {
    host.log.warn('containers of earlier gateways could not be looked for', { error: messageOf(error) });
  }
}
