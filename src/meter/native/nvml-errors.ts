/** The answers of NVML (nvmlReturn_t) that Wattloop tells apart. */
export const NvmlCode = {
  success: 0,
  uninitialized: 1,
  notSupported: 3,
  noPermission: 4,
  notFound: 6,
  insufficientSize: 7,
  driverNotLoaded: 9,
  functionNotFound: 13,
  gpuIsLost: 15,
  resetRequired: 16,
  versionMismatch: 18,
} as const;

interface Meaning {
  readonly name: string;
  readonly meaning: string;
  readonly remedy: string;
}

const CHECK = 'Run nvidia-smi, and look at the kernel log: sudo dmesg | grep -i nvrm';

const MEANINGS: Readonly<Record<number, Meaning>> = {
  1: { name: 'UNINITIALIZED', meaning: 'NVML was not started', remedy: CHECK },
  2: { name: 'INVALID_ARGUMENT', meaning: 'the driver does not know this GPU', remedy: CHECK },
  3: {
    name: 'NOT_SUPPORTED',
    meaning: 'this GPU or its mode does not have it',
    remedy: 'Energy counters need Volta or later; virtual GPUs often have neither: measure on the host',
  },
  4: {
    name: 'NO_PERMISSION',
    meaning: 'the driver does not let this user ask',
    remedy: 'Run as root; in a container start it with access to the GPU (docker run --gpus all)',
  },
  6: { name: 'NOT_FOUND', meaning: 'there is no such thing', remedy: CHECK },
  7: { name: 'INSUFFICIENT_SIZE', meaning: 'the answer did not fit', remedy: 'Try again' },
  8: {
    name: 'INSUFFICIENT_POWER',
    meaning: "the card's power cables are not plugged in",
    remedy: 'Plug in all power connectors of the card',
  },
  9: {
    name: 'DRIVER_NOT_LOADED',
    meaning: 'the NVIDIA kernel driver is not loaded',
    remedy: 'Load it: sudo modprobe nvidia',
  },
  10: { name: 'TIMEOUT', meaning: 'the driver did not answer in time', remedy: CHECK },
  11: { name: 'IRQ_ISSUE', meaning: 'the kernel has an interrupt problem with a GPU', remedy: CHECK },
  12: {
    name: 'LIBRARY_NOT_FOUND',
    meaning: 'a library of the driver is missing',
    remedy: 'Install the whole driver anew',
  },
  13: {
    name: 'FUNCTION_NOT_FOUND',
    meaning: 'the driver is too old for this question',
    remedy: 'Install a newer NVIDIA driver',
  },
  14: { name: 'CORRUPTED_INFOROM', meaning: "the card's inforom is damaged", remedy: CHECK },
  15: {
    name: 'GPU_IS_LOST',
    meaning: 'the GPU fell off the bus or is not reachable',
    remedy: `Reset it or restart the machine. ${CHECK}`,
  },
  16: {
    name: 'RESET_REQUIRED',
    meaning: 'the GPU must be reset before it can be used',
    remedy: 'Reset it: sudo nvidia-smi --gpu-reset -i INDEX',
  },
  17: { name: 'OPERATING_SYSTEM', meaning: 'the operating system blocks the GPU', remedy: CHECK },
  18: {
    name: 'LIB_RM_VERSION_MISMATCH',
    meaning: 'the NVIDIA library and the loaded kernel driver have different versions',
    remedy:
      'Restart the machine, or unload and load the driver: sudo rmmod nvidia_uvm nvidia && sudo modprobe nvidia',
  },
  19: { name: 'IN_USE', meaning: 'the GPU is in use', remedy: 'Try again' },
  20: { name: 'MEMORY', meaning: 'memory ran out', remedy: 'Free memory and try again' },
  21: { name: 'NO_DATA', meaning: 'there is no data', remedy: 'Try again' },
  23: { name: 'INSUFFICIENT_RESOURCES', meaning: 'resources ran out', remedy: 'Try again' },
  25: {
    name: 'ARGUMENT_VERSION_MISMATCH',
    meaning: 'the driver knows another version of this question',
    remedy: 'Install a newer NVIDIA driver',
  },
  27: { name: 'NOT_READY', meaning: 'the system is not ready', remedy: 'Try again' },
  28: { name: 'GPU_NOT_FOUND', meaning: 'there is no GPU', remedy: CHECK },
  29: { name: 'INVALID_STATE', meaning: 'the GPU is in a state that does not allow it', remedy: CHECK },
  999: { name: 'UNKNOWN', meaning: 'the driver failed inside', remedy: CHECK },
};

/** A call of NVML that did not succeed. */
export class NvmlFailure extends Error {
  override readonly name = 'NvmlFailure';
  readonly code: number;
  readonly remedy: string;

  constructor(call: string, code: number) {
    const { name, meaning, remedy } = MEANINGS[code] ?? {
      name: `code ${code}`,
      meaning: 'an answer that this version of Wattloop does not know',
      remedy: CHECK,
    };
    super(`${call}: ${meaning} (NVML_ERROR_${name})`.replace('NVML_ERROR_code', 'code'));
    this.code = code;
    this.remedy = remedy;
  }
}

export const nvmlCodeOf = (error: unknown): number | undefined =>
  error instanceof NvmlFailure ? error.code : undefined;
