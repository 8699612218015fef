import { ErrorCode, WattloopError } from '../../base/index.js';
import type { Machine } from './machine.js';

/** Twelve processors, little idle power, and a floor that dwarfs it as soon as anything runs. */
const DESKTOP: Machine = {
  name: 'desktop',
  title: 'desktop, 6 cores with 12 threads',
  cores: 6,
  threadsPerCore: 2,
  smtSpeed: 0.3,
  smtPower: 0.12,
  nominalGigahertz: 3.2,
  turbo: [
    { busyCores: 1, gigahertz: 4.6 },
    { busyCores: 3, gigahertz: 4.4 },
    { busyCores: 6, gigahertz: 4 },
  ],
  idleWatts: 14,
  idleCpuWatts: 3,
  floorCpuWatts: 22,
  floorPlatformWatts: 14,
  hysteresisSeconds: 0.15,
  coreWatts: 4.2,
  frequencyExponent: 2.6,
  stallSaving: 0.4,
  uncoreWatts: 9,
  uncoreHalfCores: 1.5,
  memoryMebibytes: 32_768,
  memoryBandwidth: 34,
  coreBandwidth: 11,
  memoryWattsPerBandwidth: 0.22,
  diskMebibytesPerSecond: 500,
  diskWatts: 4,
  supplyLoss: 0.1,
  supplyLossPerWatt: 0.0002,
  controlPlaneCpuSeconds: 0.012,
  osCores: 0.03,
  embodiedKilograms: 175,
  lifetimeYears: 5,
};

/** Two sockets that draw much when idle, and cores that are slow to fill. */
const SERVER: Machine = {
  name: 'server',
  title: 'server, two sockets, 48 cores with 96 threads',
  cores: 48,
  threadsPerCore: 2,
  smtSpeed: 0.28,
  smtPower: 0.15,
  nominalGigahertz: 2.5,
  turbo: [
    { busyCores: 2, gigahertz: 3.7 },
    { busyCores: 16, gigahertz: 3.5 },
    { busyCores: 32, gigahertz: 3.1 },
    { busyCores: 48, gigahertz: 2.8 },
  ],
  idleWatts: 108,
  idleCpuWatts: 46,
  floorCpuWatts: 34,
  floorPlatformWatts: 18,
  hysteresisSeconds: 0.3,
  coreWatts: 2.6,
  frequencyExponent: 2.4,
  stallSaving: 0.4,
  uncoreWatts: 40,
  uncoreHalfCores: 10,
  memoryMebibytes: 393_216,
  memoryBandwidth: 230,
  coreBandwidth: 10,
  memoryWattsPerBandwidth: 0.28,
  diskMebibytesPerSecond: 2000,
  diskWatts: 8,
  supplyLoss: 0.07,
  supplyLossPerWatt: 0.00008,
  controlPlaneCpuSeconds: 0.015,
  osCores: 0.1,
  embodiedKilograms: 471,
  lifetimeYears: 5,
};

/** A board with a graphics processor that outweighs all of its cores. */
const BOARD: Machine = {
  name: 'board',
  title: 'ARM board, 8 cores and a GPU',
  cores: 8,
  threadsPerCore: 1,
  smtSpeed: 0,
  smtPower: 0,
  nominalGigahertz: 2,
  turbo: [
    { busyCores: 4, gigahertz: 2.2 },
    { busyCores: 8, gigahertz: 2 },
  ],
  idleWatts: 7.5,
  idleCpuWatts: 0.9,
  floorCpuWatts: 1.4,
  floorPlatformWatts: 1.1,
  hysteresisSeconds: 0.05,
  coreWatts: 1.5,
  frequencyExponent: 2.8,
  stallSaving: 0.35,
  uncoreWatts: 1.2,
  uncoreHalfCores: 2,
  memoryMebibytes: 32_768,
  memoryBandwidth: 60,
  coreBandwidth: 9,
  memoryWattsPerBandwidth: 0.08,
  diskMebibytesPerSecond: 300,
  diskWatts: 1.5,
  gpu: { idleWatts: 0.8, floorWatts: 4.5, fullWatts: 19 },
  supplyLoss: 0.08,
  supplyLossPerWatt: 0.0005,
  controlPlaneCpuSeconds: 0.02,
  osCores: 0.05,
  embodiedKilograms: 60,
  lifetimeYears: 5,
};

/** Made-up machines: their shapes are those of real ones, their figures are nobody's. */
export const MACHINES: readonly Machine[] = [DESKTOP, SERVER, BOARD];

export function machineNamed(name: string): Machine {
  const machine = MACHINES.find((known) => known.name === name);
  if (machine !== undefined) return machine;
  throw new WattloopError(ErrorCode.badUsage, `no machine is called "${name}"`, {
    remedy: `Choose one of ${MACHINES.map((known) => known.name).join(', ')}`,
  });
}
