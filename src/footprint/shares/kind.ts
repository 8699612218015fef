import { ErrorCode, WattloopError } from '../../errors/index.js';
import { compensatedSum } from './compensated-sum.js';
import type { FairShares } from './fair-shares.js';

/** What a footprint is asked for: each kind answers another question, and leaves out what that question is not about. */
export const FootprintKind = {
  /** What the code itself does: to compare two implementations whoever else is on the machine. */
  work: 'work',
  /** Own work and the share of the load floor: what a developer can change. */
  individual: 'individual',
  /** With the platform's work for it: to compare platforms, or batching with single calls. */
  individualAndControlPlane: 'individual+control_plane',
  /** With the share of the idle machine, without the platform: to weigh keeping functions warm. */
  individualAndIdle: 'individual+idle',
  /** All energy, no embodied emissions: what a bill for electricity is about. */
  operational: 'operational',
  /** Everything: for reports and for bills; the only one that adds up to what was measured. */
  shapley: 'shapley',
} as const;

export type FootprintKind = (typeof FootprintKind)[keyof typeof FootprintKind];

/** What a kind contains. */
export interface FootprintContents {
  readonly floor: boolean;
  readonly controlPlane: boolean;
  readonly idle: boolean;
  readonly embodied: boolean;
}

const NOTHING: FootprintContents = { floor: false, controlPlane: false, idle: false, embodied: false };

const CONTENTS: Readonly<Record<FootprintKind, FootprintContents>> = {
  work: NOTHING,
  individual: { ...NOTHING, floor: true },
  'individual+control_plane': { ...NOTHING, floor: true, controlPlane: true },
  'individual+idle': { ...NOTHING, floor: true, idle: true },
  operational: { floor: true, controlPlane: true, idle: true, embodied: false },
  shapley: { floor: true, controlPlane: true, idle: true, embodied: true },
};

export const contentsOf = (kind: FootprintKind): FootprintContents => CONTENTS[kind];

const isKind = (text: string): text is FootprintKind => Object.hasOwn(CONTENTS, text);

/** The kind of this name. */
export function footprintKind(text: string): FootprintKind {
  if (isKind(text)) return text;
  throw new WattloopError(ErrorCode.badUsage, `there is no footprint of the kind "${text}"`, {
    remedy: `The kinds are ${Object.values(FootprintKind).join(', ')}.`,
  });
}

/** The parts of one footprint, all in joules: a function's, an invocation's or a trace's. */
export interface FootprintParts {
  readonly individualJoules: number;
  readonly floorJoules: number;
  readonly controlPlaneJoules: number;
  readonly idleJoules: number;
}

/** What the kind counts of these parts. */
export function totalJoules(kind: FootprintKind, parts: FootprintParts): number {
  const { floor, controlPlane, idle } = CONTENTS[kind];
  return (
    parts.individualJoules -
    (floor ? 0 : parts.floorJoules) +
    (controlPlane ? parts.controlPlaneJoules : 0) +
    (idle ? parts.idleJoules : 0)
  );
}

/** Footprints of one kind, by function, and what is in none of them. */
export interface FootprintTotals {
  readonly kind: FootprintKind;
  readonly joules: Float64Array;
  /** Of functions, but not of this kind. */
  readonly leftOutJoules: number;
  /** Of no function. */
  readonly unattributedJoules: number;
  /** Absent where they are not known, or not part of the kind. */
  readonly embodiedGrams?: Float64Array;
}

/** Footprints of a kind from fair shares: together with what is left out and unattributed they make up what was measured. */
export function footprintTotals(shares: FairShares, kind: FootprintKind): FootprintTotals {
  const { sums, embodiedGrams } = shares;
  const whole = { ...sums, floorJoules: compensatedSum(shares.floorJoules) };
  return {
    kind,
    joules: shares.individualJoules.map((individualJoules, i) =>
      totalJoules(kind, {
        individualJoules,
        floorJoules: shares.floorJoules[i] ?? 0,
        controlPlaneJoules: shares.controlPlaneJoules[i] ?? 0,
        idleJoules: shares.idleJoules[i] ?? 0,
      }),
    ),
    leftOutJoules: totalJoules(FootprintKind.shapley, whole) - totalJoules(kind, whole),
    unattributedJoules: sums.unattributedJoules,
    ...(CONTENTS[kind].embodied && embodiedGrams && { embodiedGrams }),
  };
}
