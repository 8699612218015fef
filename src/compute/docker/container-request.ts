import { BYTES_PER_MIB, NANOSECONDS_PER_SECOND } from '../../model/index.js';
import type { ReplicaPlan } from '../replica/replica.js';
import type { Reach } from './network.js';

/** Labels of containers that are replicas. */
export const Label = {
  function: 'com.wattloop.function',
  version: 'com.wattloop.version',
  replica: 'com.wattloop.replica',
  /** The data folder of the gateway that made it. */
  gateway: 'com.wattloop.gateway',
  /** The process that made it. */
  owner: 'com.wattloop.owner',
} as const;

/** Where functions find their secrets, as on OpenFaaS: https://docs.openfaas.com/reference/secrets/ */
const SECRETS_FOLDER = '/var/openfaas/secrets';
/** What OpenFaaS' watchdogs listen on: https://docs.openfaas.com/architecture/watchdog/ */
const WATCHDOG_PORT = 8080;

export const portOf = (plan: ReplicaPlan): number => plan.port ?? WATCHDOG_PORT;

export interface ContainerPlace {
  readonly gateway: string;
  readonly owner: string;
  readonly network: string;
  readonly reach: Reach;
  /** Folder with a file for each secret; absent where there is none. */
  readonly secretsFolder: string | undefined;
}

/** What the engine is asked to make: https://docs.docker.com/reference/api/engine/ (POST /containers/create). */
export function containerRequest(plan: ReplicaPlan, place: ContainerPlace): Record<string, unknown> {
  const { cpu, memoryMib } = plan.limits;
  const memory = memoryMib === undefined ? undefined : Math.round(memoryMib * BYTES_PER_MIB);
  const port = `${portOf(plan)}/tcp`;
  const isPublished = place.reach === 'published';
  const environment = {
    PORT: String(portOf(plan)),
    ...plan.environment,
    ...(place.secretsFolder !== undefined && { secret_mount_path: SECRETS_FOLDER }),
  };
  return {
    Image: plan.image,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [Label.function]: plan.function,
      [Label.version]: plan.version,
      [Label.replica]: plan.id,
      [Label.gateway]: place.gateway,
      [Label.owner]: place.owner,
    },
    ExposedPorts: { [port]: {} },
    HostConfig: {
      // Zombies of what a function starts are nobody's else.
      Init: true,
      Privileged: false,
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      NetworkMode: place.network,
      LogConfig: { Type: 'local', Config: { 'max-size': String(plan.logLimitBytes), 'max-file': '2' } },
      ...(cpu !== undefined && { NanoCpus: Math.round(cpu * NANOSECONDS_PER_SECOND) }),
      // Without swap beyond it: a limit of memory is one.
      ...(memory !== undefined && { Memory: memory, MemorySwap: memory }),
      // As on OpenFaaS, there is one place left to write to.
      ...(plan.readOnlyRootFilesystem && { ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } }),
      ...(isPublished && { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
      ...(place.secretsFolder !== undefined && {
        // Not as "Binds": those make an empty folder where the engine does not see ours.
        Mounts: [{ Type: 'bind', Source: place.secretsFolder, Target: SECRETS_FOLDER, ReadOnly: true }],
      }),
    },
  };
}
