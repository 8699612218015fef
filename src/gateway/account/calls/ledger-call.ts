import type { AccountedCall, ServedCall } from '../../../model/index.js';
import type { Origin } from './entry-energies.js';

/** A call with the energy that it was given so far; NaN once some of its time was not measured. */
export interface LedgerCall {
  readonly function: string;
  startedAt: number;
  /** Undefined while it runs. */
  endedAt: number | undefined;
  /** Until when its energy is settled. */
  settledTo: number;
  joules: number;
  idleJoules: number;
  /** Once it has ended: as it was told, by whatever clock. */
  call: ServedCall | undefined;
}

/** A call that begins. */
export const newEntry = (name: string, startedAt: number): LedgerCall => ({
  function: name,
  startedAt,
  endedAt: undefined,
  settledTo: startedAt,
  joules: 0,
  idleJoules: 0,
  call: undefined,
});

export const isOver = ({ endedAt }: LedgerCall, at: number): boolean =>
  endedAt !== undefined && endedAt <= at;

/** The call with its energy, where all of its time was measured. */
export function settled(entry: LedgerCall, origin: Origin | undefined): AccountedCall {
  const { call, joules, idleJoules } = entry;
  if (call === undefined) throw new TypeError('a call that runs has no end yet');
  if (origin === undefined || !Number.isFinite(joules)) return call;
  const { source, provenance } = origin;
  const idle = Number.isFinite(idleJoules) ? { idleJoules } : {};
  return { ...call, energy: { joules, ...idle, source, provenance } };
}
