import {
  ErrorCode,
  type Host,
  listIfAny,
  messageOf,
  readTextIfAny,
  WattloopError,
} from '../../base/index.js';
import { Nvml, type NvmlHandle } from '../native/nvml.js';
import { NvmlCode, NvmlFailure, nvmlCodeOf } from '../native/nvml-errors.js';

/** Where the library is when the loader does not know of it: WSL, and containers on Google's machines. */
const LIBRARIES = [
  'libnvidia-ml.so.1',
  '/usr/lib/wsl/lib/libnvidia-ml.so.1',
  '/usr/local/nvidia/lib64/libnvidia-ml.so.1',
];

export interface Gpu {
  /** `gpu-0`: by NVML's own order, which is that of the bus. */
  readonly device: string;
  readonly handle: NvmlHandle;
  readonly model: string;
  /** Split into instances (MIG). It is asked as a whole: instances have no energy of their own. */
  readonly split: boolean;
}

export interface OpenNvml {
  readonly nvml: Nvml;
  readonly driver: string;
  readonly gpus: readonly Gpu[];
  /** GPUs that could not be asked, and why. */
  readonly trouble: readonly string[];
}

export function asWattloopError(error: unknown): WattloopError {
  if (error instanceof WattloopError) return error;
  const code =
    nvmlCodeOf(error) === NvmlCode.noPermission ? ErrorCode.permissionDenied : ErrorCode.sourceUnavailable;
  return new WattloopError(code, `nvidia: ${messageOf(error)}`, {
    cause: error,
    ...(error instanceof NvmlFailure && { remedy: error.remedy }),
  });
}

const hasNvidiaCard = (host: Host): boolean =>
  listIfAny(host.sys('bus/pci/devices')).some((slot) => {
    const text = (file: string): string => readTextIfAny(host.sys('bus/pci/devices', slot, file)) ?? '';
    return text('vendor') === '0x10de' && text('class').startsWith('0x03');
  });

async function loadLibrary(host: Host, library: string | undefined): Promise<Nvml> {
  let last: unknown;
  for (const path of library === undefined ? LIBRARIES : [library]) {
    try {
      return await Nvml.load(path);
    } catch (error) {
      last = error;
    }
  }
  const card = hasNvidiaCard(host);
  throw new WattloopError(
    ErrorCode.sourceUnavailable,
    card
      ? `nvidia: there is an NVIDIA card, but not its library ${library ?? LIBRARIES[0]}`
      : `nvidia: no NVIDIA GPU: ${library ?? LIBRARIES[0]} is not installed`,
    {
      cause: last,
      remedy: card
        ? 'Install the NVIDIA driver (Debian: nvidia-driver; in a container: start it with --gpus all and NVIDIA_DRIVER_CAPABILITIES=utility)'
        : 'It takes an NVIDIA card and its driver; AMD and Intel cards are read by hwmon',
    },
  );
}

/** Loads and starts NVML and takes hold of every GPU. Throws a WattloopError when there is none to ask. */
export async function openNvml(host: Host, library: string | undefined): Promise<OpenNvml> {
  const nvml = await loadLibrary(host, library);
  try {
    await nvml.init();
  } catch (error) {
    throw asWattloopError(error);
  }
  try {
    const gpus: Gpu[] = [];
    const trouble: string[] = [];
    const count = await nvml.deviceCount();
    for (let index = 0; index < count; index++) {
      const device = `gpu-${index}`;
      try {
        const handle = await nvml.device(index);
        const model = await nvml.name(handle);
        gpus.push({ device, handle, model, split: await nvml.migEnabled(handle) });
      } catch (error) {
        trouble.push(`${device}: ${messageOf(error)}`);
      }
    }
    if (gpus.length > 0) return { nvml, driver: await nvml.driverVersion(), gpus, trouble };
    throw new WattloopError(
      ErrorCode.sourceUnavailable,
      `nvidia: ${trouble.length > 0 ? trouble.join('; ') : 'the driver knows of no GPU'}`,
      { remedy: 'Run nvidia-smi, and look at the kernel log: sudo dmesg | grep -i nvrm' },
    );
  } catch (error) {
    await release(host, { nvml });
    throw asWattloopError(error);
  }
}

/** Shuts NVML down. That a driver in trouble can't even do that is no reason to fail. */
export async function release(host: Host, { nvml }: Pick<OpenNvml, 'nvml'>): Promise<void> {
  await nvml.shutdown().catch((error: unknown) => {
    host.log.debug('nvidia: NVML does not shut down', { why: messageOf(error) });
  });
}
