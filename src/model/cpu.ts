/** Which processor a machine has: what a table of thermal design powers or a model of power is looked up by. */
export interface CpuIdentity {
  /** As the processor names itself (`Intel(R) Xeon(R) Gold 6226 CPU @ 2.70GHz`); on ARM the core's name; empty when unknown. */
  readonly model: string;
  /** As cpuinfo names it: `GenuineIntel`, `AuthenticAMD`; on ARM the implementer's name (`ARM`, `NVIDIA`); empty when unknown. */
  readonly vendor: string;
  /** As Node.js names it: `x64`, `arm64`, `arm`, `riscv64`, … */
  readonly architecture: string;
  /** x86: CPU family, decimal. */
  readonly family?: number;
  /** x86: CPU model, decimal. */
  readonly modelNumber?: number;
  /** x86: the stepping; ARM: the revision. */
  readonly stepping?: number;
  /** ARM: the implementer code of MIDR (0x41 is Arm Ltd). */
  readonly implementer?: number;
  /** ARM: the part number of MIDR (0xd0c is Neoverse N1), of the most numerous core. */
  readonly part?: number;
  /** The board, where a device tree names it: `Raspberry Pi 4 Model B Rev 1.4`. */
  readonly board?: string;
  /** Physical cores of the whole machine, over all sockets. */
  readonly coresPhysical: number;
  /** Logical processors that are online. */
  readonly coresLogical: number;
  readonly sockets: number;
}
