import type { Domain } from '../../model/index.js';

/** The rails that make up one domain of a board. */
export interface RailGroup {
  readonly domain: Domain;
  readonly device: string;
  readonly rails: readonly string[];
}

interface Board {
  /** A rail that only boards of this kind have. */
  readonly key: string;
  readonly groups: Readonly<Partial<Record<Domain, readonly string[]>>>;
}

/**
 * The rails of each generation of boards, as NVIDIA's guides and device trees name them. A rail that carries processor
 * cores or the rest of the chip is the package, one that carries the GPU (on AGX Orin with the memory system) is the GPU.
 * Where CPU and GPU share a rail, the GPU is not told apart. The system is the module with its memory, not the carrier.
 */
const BOARDS: readonly Board[] = [
  // AGX Thor.
  { key: 'VDD_CPU_SOC_MSS', groups: { system: ['VIN'], package: ['VDD_CPU_SOC_MSS'], gpu: ['VDD_GPU'] } },
  // AGX Orin: nothing measures the module's input, and whether its 5 V rail feeds the memory's is not documented.
  {
    key: 'VDD_CPU_CV',
    groups: { package: ['VDD_CPU_CV'], gpu: ['VDD_GPU_SOC'], dram: ['VDDQ_VDD2_1V8AO'] },
  },
  // Xavier NX, Orin NX and Orin Nano.
  { key: 'VDD_CPU_GPU_CV', groups: { system: ['VDD_IN'], package: ['VDD_CPU_GPU_CV', 'VDD_SOC'] } },
  // AGX Xavier: the six rails are all that enters the module, five of the high voltage and SYS5V.
  {
    key: 'VDDRQ',
    groups: {
      system: ['GPU', 'CPU', 'SOC', 'CV', 'VDDRQ', 'SYS5V'],
      package: ['CPU', 'SOC', 'CV'],
      gpu: ['GPU'],
      dram: ['VDDRQ'],
    },
  },
  // Nano.
  { key: 'POM_5V_CPU', groups: { system: ['POM_5V_IN'], package: ['POM_5V_CPU'], gpu: ['POM_5V_GPU'] } },
  // TX2, first as the kernel names its rails, then as tegrastats does.
  {
    key: 'VDD_SYS_CPU',
    groups: {
      system: ['VDD_IN'],
      package: ['VDD_SYS_CPU', 'VDD_SYS_SOC'],
      gpu: ['VDD_SYS_GPU'],
      dram: ['VDD_SYS_DDR'],
    },
  },
  {
    key: 'VDD_DDR',
    groups: { system: ['VDD_IN'], package: ['VDD_CPU', 'VDD_SOC'], gpu: ['VDD_GPU'], dram: ['VDD_DDR'] },
  },
  // TX1.
  { key: 'VDD_CPU', groups: { system: ['VDD_IN'], package: ['VDD_CPU'], gpu: ['VDD_GPU'] } },
  // Any other board that names its input.
  { key: 'VDD_IN', groups: { system: ['VDD_IN'] } },
];

const DEVICES: Readonly<Partial<Record<Domain, string>>> = {
  system: 'module',
  package: 'package-0',
  gpu: 'gpu-0',
  dram: 'memory-0',
};

/** What the rails of a board tell, by their names; a group is given when all of its rails can be read. */
export function railGroups(names: readonly string[], readable: readonly string[] = names): RailGroup[] {
  const all = new Set(names);
  const present = new Set(readable);
  const board = BOARDS.find(({ key }) => all.has(key));
  if (board === undefined) return [];
  return Object.entries(board.groups).flatMap(([domain, rails]) => {
    const device = DEVICES[domain as Domain];
    const whole = rails.every((rail) => present.has(rail));
    return whole && device !== undefined ? [{ domain: domain as Domain, device, rails }] : [];
  });
}

/** The power of each group whose rails are all known; part of a group would pass for the whole. */
export function groupPowers(
  groups: readonly RailGroup[],
  watts: (rail: string) => number | undefined,
): { readonly group: RailGroup; readonly watts: number }[] {
  return groups.flatMap((group) => {
    let sum = 0;
    for (const rail of group.rails) {
      const power = watts(rail);
      if (power === undefined) return [];
      sum += power;
    }
    return [{ group, watts: sum }];
  });
}
