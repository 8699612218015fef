import { ErrorCode, WattloopError } from '../../errors/index.js';

// The year of the SCI's own worked example and of Cloud Carbon Footprint's 35,040 hours in four years.
export const SECONDS_PER_YEAR = 365 * 24 * 3600;
const GRAMS_PER_KILOGRAM = 1000;

/** What it took to make a machine, and how long it is meant to serve. */
export interface EmbodiedServer {
  readonly kilograms: number;
  readonly lifetimeYears: number;
}

/**
 * Grams of a machine's making that a stretch of its life is answerable for: TE × time share × resource share. The share
 * is what part of the machine was held, 1 for all of it.
 */
export function embodiedGrams(server: EmbodiedServer, seconds: number, resourceShare = 1): number {
  const { kilograms, lifetimeYears } = server;
  if (!(kilograms >= 0 && lifetimeYears > 0 && resourceShare >= 0 && resourceShare <= 1)) {
    throw new WattloopError(
      ErrorCode.badInput,
      `embodied emissions of ${kilograms} kg over ${lifetimeYears} years, a share of ${resourceShare}`,
      { remedy: 'Mass is 0 or more, a lifetime above 0, and a share of a machine from 0 to 1' },
    );
  }
  return kilograms * GRAMS_PER_KILOGRAM * (seconds / (lifetimeYears * SECONDS_PER_YEAR)) * resourceShare;
}

/** What part of a machine is held by what runs on some of its processors. */
export const resourceShare = (reserved: number, total: number): number => Math.min(1, reserved / total);

/** The parts of a machine beyond the plain one that the base figure is for. */
export interface ServerParts {
  readonly sockets?: number;
  readonly memoryGib?: number;
  readonly ssds?: number;
  readonly hdds?: number;
  readonly gpus?: number;
}

// Davy, "Building an AWS EC2 Carbon Emissions Dataset" (Teads, 2021), from life-cycle assessments of Dell's R740 and others: a
// rack server with one processor and 16 GB is 1,000 kg; 384 GB more are 533 kg.
const BASE_KILOGRAMS = 1000;
const BASE_MEMORY_GIB = 16;
const KILOGRAMS_PER_GIB = 533 / 384;
const KILOGRAMS = { socket: 100, ssd: 100, hdd: 50, gpu: 150 };

/** An estimate for a server that nobody assessed, from its parts. */
export function estimateServerKilograms(parts: ServerParts = {}): number {
  const { sockets = 1, memoryGib = BASE_MEMORY_GIB, ssds = 0, hdds = 0, gpus = 0 } = parts;
  return (
    BASE_KILOGRAMS +
    Math.max(0, sockets - 1) * KILOGRAMS.socket +
    Math.max(0, memoryGib - BASE_MEMORY_GIB) * KILOGRAMS_PER_GIB +
    ssds * KILOGRAMS.ssd +
    hdds * KILOGRAMS.hdd +
    gpus * KILOGRAMS.gpu
  );
}
