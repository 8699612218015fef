import { join } from 'node:path';
import { readTextIfAny } from '../../base/index.js';
import type { Domain } from '../../model/index.js';
import type { Channel, Chip } from './chip.js';

/** What a sensor measures, and how that is known. */
export interface Rule {
  readonly chip: RegExp;
  /** Matched against the channel's label, the empty text where there is none; every label when not set. */
  readonly label?: RegExp;
  readonly kind?: Channel['kind'];
  /** A further condition on the chip. */
  readonly when?: (chip: Chip) => boolean;
  readonly domain: Domain;
  /** The device's name, `#` being the number in the label (its first group), or else the chip's ordinal; `NAME-#` when not set. */
  readonly device?: string;
  /** Several channels are parts of one device and are added up; otherwise the first stands for it. */
  readonly adds?: boolean;
  readonly why: string;
}

/** Power supplies that the PMBus drivers name; `pin` of any other PMBus chip is the input of one regulator. */
const POWER_SUPPLY =
  /^(pmbus|dps\w+|pfe[13]\d{3}|bp[ad]-rs600|acbel_fsg032|ipsps\d*|(ibm[-_])?cffps\d?|intel_crps185|y[hm]\d{4}e|sgd009)$/;
const BOARD_SENSOR = /^(ina2\d\d|ina7\d\d|ltc\d+\w*)$/;

/** An APU's graphics show the northbridge's voltage, which cards do not have. */
const isApu = (chip: Chip): boolean => readTextIfAny(join(chip.path, 'in1_label')) === 'vddnb';

/**
 * What each sensor measures. The first rule that fits a channel counts; of the rules for one device, and (but for GPUs) of
 * the drivers for one domain, the first that finds anything. A sensor that no rule fits is not guessed at.
 */
export const RULES: readonly Rule[] = [
  {
    chip: /^ibmpowernv$/,
    label: /^System$/,
    kind: 'energy',
    domain: 'system',
    device: 'system',
    why: 'OPAL accumulates the power of the whole machine',
  },
  {
    chip: /^ibmpowernv$/,
    label: /^System$/,
    domain: 'system',
    device: 'system',
    why: 'OPAL: power of the whole machine',
  },
  {
    chip: /^power_meter$/,
    label: /^(?!.*\bPower Socket \d)/,
    domain: 'system',
    device: 'power_meter',
    why: 'ACPI power meter of the platform; a second one may lie within the first',
  },
  {
    chip: /^macsmc[-_]hwmon$/,
    label: /^Total System Power$/,
    domain: 'system',
    device: 'system',
    why: 'Apple SMC: what the whole machine draws',
  },
  {
    chip: POWER_SUPPLY,
    label: /^pin1?$/,
    domain: 'system',
    why: 'PMBus READ_PIN of a power supply; supplies feed the machine together',
  },
  {
    chip: /^corsairpsu$/,
    label: /^power total$/,
    domain: 'system',
    why: 'power of all rails of the supply, without its own loss',
  },
  {
    chip: BOARD_SENSOR,
    label: /^(vdd_?in|dc[ _]?in|(system|board)[ _](power|input|in)|total[ _]power)$/i,
    domain: 'system',
    device: 'board',
    why: "the board's description names the machine's input",
  },
  {
    chip: /^amd_hsmp_hwmon$/,
    domain: 'package',
    device: 'package-#',
    why: 'HSMP: power of the socket',
  },
  {
    chip: /^fam15h_power$/,
    domain: 'package',
    device: 'package-#',
    why: 'processor power by the northbridge, on one node of each processor',
  },
  {
    chip: /^ibmpowernv$/,
    label: /^Chip (\d+)$/,
    kind: 'energy',
    domain: 'package',
    device: 'package-#',
    why: 'OPAL accumulates the power of the chip',
  },
  {
    chip: /^ibmpowernv$/,
    label: /^Chip (\d+)$/,
    domain: 'package',
    device: 'package-#',
    why: 'OPAL: power of the chip',
  },
  {
    chip: /^power_meter$/,
    label: /^Grace Power Socket (\d+)$/,
    domain: 'package',
    device: 'package-#',
    why: 'NVIDIA Grace: total of the socket',
  },
  {
    chip: /^(apm_)?xgene$/,
    label: /^(?:CPU|IO) power$/,
    domain: 'package',
    device: 'package-#',
    adds: true,
    why: 'X-Gene and Ampere: the processor-module rail and the rail of the rest of the chip',
  },
  {
    chip: /^amdgpu$/,
    when: isApu,
    domain: 'package',
    device: 'package-#',
    why: 'on an APU amdgpu reports the socket, its cores included',
  },
  {
    chip: BOARD_SENSOR,
    label: /^(vdd_?)?(soc|package)([ _]power)?$/i,
    domain: 'package',
    device: 'board',
    why: "the board's description names the processor's supply",
  },
  {
    chip: /^altra_hwmon$/,
    label: /^Core Energy \d+$/i,
    kind: 'energy',
    domain: 'core',
    device: 'package-#',
    adds: true,
    why: 'Ampere Altra: one counter a core, one chip a socket',
  },
  {
    chip: /^zenpower$/,
    label: /^(?:cpu(\d) )?SVI2_P_Core$/,
    domain: 'core',
    device: 'package-#',
    why: 'SVI2 telemetry of the cores’ supply',
  },
  {
    chip: /^power_meter$/,
    label: /^CPU Power Socket (\d+)$/,
    domain: 'core',
    device: 'package-#',
    why: 'NVIDIA Grace: CPU rail of the socket',
  },
  {
    chip: /^ibmpowernv$/,
    label: /^Chip (\d+) Vdd$/,
    kind: 'energy',
    domain: 'core',
    device: 'package-#',
    why: 'POWER9: Vdd feeds the cores',
  },
  {
    chip: BOARD_SENSOR,
    label: /^(vdd_?)?(cpu|arm)([ _]power)?$/i,
    domain: 'core',
    device: 'board',
    why: "the board's description names the cores' supply",
  },
  {
    chip: BOARD_SENSOR,
    label: /^(vdd_?)?(ddr|dram|memory)([ _]power)?$/i,
    domain: 'dram',
    device: 'board',
    why: "the board's description names the memory's supply",
  },
  {
    chip: /^xe$/,
    label: /^card$/,
    kind: 'energy',
    domain: 'gpu',
    why: 'Intel Xe: energy of the card',
  },
  {
    chip: /^xe$/,
    label: /^(pkg)?$/,
    kind: 'energy',
    domain: 'gpu',
    why: 'Intel Xe: energy of the GPU package, where the card has no counter',
  },
  {
    chip: /^i915$/,
    kind: 'energy',
    domain: 'gpu',
    why: 'Intel discrete graphics; the i915_gtN chips lie within it',
  },
  {
    chip: /^amdgpu$/,
    label: /^(PPT|slowPPT)?$/,
    domain: 'gpu',
    why: 'power of the card',
  },
  {
    chip: /^nouveau$/,
    domain: 'gpu',
    why: 'power of the card',
  },
];

/** Sensors that are left to others or lie within another, and why. */
export const LEFT_OUT: readonly { readonly chip: RegExp; readonly label?: RegExp; readonly why: string }[] = [
  { chip: /^ina3221$/, why: 'read by the tegra source' },
  { chip: /^(aem|ibmpex)/, why: 'asks the BMC each time: use the ipmi source' },
  { chip: /^i915_gt\d/, why: 'a part of the card' },
  { chip: /^xe$/, why: 'a part of the card' },
  { chip: /^ibmpowernv$/, why: 'a part of a chip or of the system' },
  { chip: /^power_meter$/, label: /^SysIO/, why: 'a part of the socket' },
  {
    chip: /^power_meter$/,
    label: /^Module/,
    why: 'processor, memory and GPU together: no domain of its own',
  },
  { chip: /^zenpower$/, label: /SoC/, why: 'the I/O die, or graphics: no domain of its own' },
  { chip: /^corsairpsu$/, why: 'a rail of the supply' },
  { chip: POWER_SUPPLY, why: 'the output side of a supply' },
];
