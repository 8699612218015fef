import { ErrorCode, WattloopError } from '../../base/index.js';
import type { AccountedCall } from '../../model/index.js';

// SQLite ends a text at its first NUL, and knows no halves of characters.
const UNFIT = /[\0\ud800-\udfff]/u;

const FIGURES = ['arrivedAt', 'startedAt', 'endedAt', 'attempt', 'requestBytes', 'responseBytes'] as const;
const FIGURES_IF_ANY = ['coldSeconds', 'httpStatus', 'cpuSeconds'] as const;

const refused = (call: AccountedCall, what: string): WattloopError =>
  new WattloopError(ErrorCode.badInput, `the call ${JSON.stringify(call.id)} can't be kept: ${what}`);

/** Refuses what could not be read back as it was. */
export function checkCall(call: AccountedCall): void {
  for (const name of FIGURES)
    if (!Number.isFinite(call[name])) throw refused(call, `${name} is ${call[name]}`);
  for (const name of FIGURES_IF_ANY) {
    const figure = call[name];
    if (figure !== undefined && !Number.isFinite(figure)) throw refused(call, `${name} is ${figure}`);
  }
  const { energy, traceId } = call;
  if (energy !== undefined && !Number.isFinite(energy.joules + (energy.idleJoules ?? 0)))
    throw refused(call, `its energy is ${energy.joules} J and ${energy.idleJoules} J of idle`);
  if (UNFIT.test(call.id) || (traceId !== undefined && UNFIT.test(traceId)))
    throw refused(call, 'its id holds unfit characters');
}
