import { nextField, unsignedAt } from './bytes.js';

const CLOSING = 0x29;
const OPENING = 0x28;

/** What /proc/PID/stat says, in the kernel's units. One object is filled again and again: copy what you keep. */
export interface PidStat {
  /** Where the name stands in the bytes that were parsed. */
  nameStart: number;
  nameEnd: number;
  /** The state's letter (`R`, `S`, `Z`…) as a character code. */
  state: number;
  ppid: number;
  /** Ticks in user and system mode, all threads, dead ones included. */
  ownTicks: number;
  /** Ticks of children that ended and were waited for, with all that they had waited for. */
  waitedTicks: number;
  threads: number;
  startTicks: number;
  residentPages: number;
}

export const emptyPidStat = (): PidStat => ({
  nameStart: 0,
  nameEnd: 0,
  state: 0,
  ppid: 0,
  ownTicks: 0,
  waitedTicks: 0,
  threads: 0,
  startTicks: 0,
  residentPages: 0,
});

// Fields are numbered as proc(5) numbers them; the name is field 2 and the state field 3.
const STATE = 3;
const PPID = 4;
const UTIME = 14;
const STIME = 15;
const CUTIME = 16;
const CSTIME = 17;
const THREADS = 20;
const START = 22;
const RESIDENT = 24;

/**
 * Fills `into` from the bytes of a stat file and says whether they were one. A process chooses its own name, brackets,
 * spaces and newlines included: no later field has a bracket, so that the name ends at the last one.
 */
export function parsePidStat(bytes: Buffer, length: number, into: PidStat): boolean {
  const opening = bytes.indexOf(OPENING);
  const closing = bytes.lastIndexOf(CLOSING, length - 1);
  if (opening < 0 || closing < opening || closing + 2 >= length) return false;
  into.nameStart = opening + 1;
  into.nameEnd = closing;
  into.state = bytes[closing + 2] ?? 0;
  into.ownTicks = 0;
  into.waitedTicks = 0;
  let at = closing + 2;
  for (let field = STATE; field <= RESIDENT; field++) {
    if (field === PPID || (field >= UTIME && field <= CSTIME) || field === THREADS || field >= START) {
      if (!take(field, unsignedAt(bytes, at, length), into)) return false;
    }
    at = nextField(bytes, at, length);
  }
  return true;
}

function take(field: number, value: number | undefined, into: PidStat): boolean {
  if (value === undefined) return field !== PPID && field !== UTIME && field !== STIME && field !== START;
  if (field === PPID) into.ppid = value;
  else if (field === UTIME || field === STIME) into.ownTicks += value;
  else if (field === CUTIME || field === CSTIME) into.waitedTicks += value;
  else if (field === THREADS) into.threads = value;
  else if (field === START) into.startTicks = value;
  else if (field === RESIDENT) into.residentPages = value;
  return true;
}
