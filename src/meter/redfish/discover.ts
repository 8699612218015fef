import { ErrorCode, messageOf, WattloopError } from '../../base/index.js';
import { type RedfishClient, SERVICE_ROOT } from './client.js';
import { type Fetch, findGauges, type Gauge } from './gauges.js';
import { field, items, link, text } from './json.js';

/** Kinds of chassis that lie inside another one, whether they say in which or not. */
const INNER = new Set(['Card', 'Cartridge', 'Component', 'Drive', 'Module', 'Blade', 'Sled', 'Zone']);

interface Chassis {
  readonly id: string;
  readonly path: string;
  readonly inner: boolean;
  readonly containedBy: string | undefined;
  readonly gauges: readonly Gauge[];
}

export interface Discovery {
  readonly gauges: readonly Gauge[];
  /** Chassis that give power which is part of another's, by id. */
  readonly within: readonly string[];
}

const samePath = (path: string): string => path.replace(/\/$/, '');

/** Chassis whose power is not part of another's in the list. */
function outermost(all: readonly Chassis[], measured: readonly Chassis[]): Chassis[] {
  const outside = (chassis: Chassis): boolean => {
    const seen = new Set<string>();
    for (let above = chassis.containedBy; above !== undefined && !seen.has(samePath(above)); ) {
      const path = samePath(above);
      seen.add(path);
      if (measured.some((other) => samePath(other.path) === path)) return false;
      above = all.find((other) => samePath(other.path) === path)?.containedBy;
    }
    // Not said to be in another, but of a kind that is, beside one that is not.
    return !chassis.inner || chassis.containedBy !== undefined || measured.every((other) => other.inner);
  };
  return measured.filter(outside);
}

/** Finds what to read. One chassis or resource that can't be read does not hide the others; a refused user does. */
export async function discover(
  client: RedfishClient,
  wanted: readonly string[],
  complain: (message: string) => void,
): Promise<Discovery> {
  const problems: WattloopError[] = [];
  const fetched = new Map<string, unknown>();
  const fetch: Fetch = async (path) => {
    if (path === undefined) return undefined;
    if (fetched.has(path)) return fetched.get(path);
    const resource = await client.get(path).catch((error: unknown) => {
      if (!(error instanceof WattloopError) || error.code === ErrorCode.permissionDenied) throw error;
      if (error.code !== ErrorCode.notFound) {
        problems.push(error);
        complain(messageOf(error));
      }
      return undefined;
    });
    fetched.set(path, resource);
    return resource;
  };

  const root = await client.get(SERVICE_ROOT);
  const collection = link(root, 'Chassis');
  if (collection === undefined) {
    throw new WattloopError(ErrorCode.instrumentFailed, 'redfish: the service lists no chassis', {
      remedy: 'Check that sources.redfish.url is the address of a Redfish service',
    });
  }
  const all: Chassis[] = [];
  for (const member of items(field(await client.get(collection), 'Members'))) {
    const path = link(member);
    const chassis = await fetch(path);
    if (path === undefined || chassis === undefined) continue;
    const id = text(field(chassis, 'Id')) ?? path;
    all.push({
      id,
      path,
      inner: INNER.has(text(field(chassis, 'ChassisType')) ?? ''),
      containedBy: link(chassis, 'Links', 'ContainedBy'),
      gauges: await findGauges(id, chassis, fetch),
    });
  }
  const measured = all.filter(({ gauges }) => gauges.length > 0);
  const chosen =
    wanted.length > 0 ? measured.filter(({ id }) => wanted.includes(id)) : outermost(all, measured);
  const unknown = wanted.filter((id) => chosen.every((chassis) => chassis.id !== id));
  if (unknown.length > 0) {
    const known = measured.map(({ id }) => id).join(', ') || 'none';
    throw new WattloopError(
      ErrorCode.badConfiguration,
      `redfish: no chassis ${unknown.join(', ')} gives power`,
      { remedy: `Set sources.redfish.chassis to some of: ${known}` },
    );
  }
  const [problem] = problems;
  if (chosen.length === 0 && problem) throw problem;
  return {
    gauges: chosen.flatMap(({ gauges }) => gauges),
    within: measured.filter((chassis) => !chosen.includes(chassis)).map(({ id }) => id),
  };
}
