import { type Amount, amountAt } from './amount.js';
import { CGROUP_CHANGE, PROCESS, PROCESS_ENDED, RECORD } from './layout.js';
import { Words } from './words.js';

/** The text before the first zero. */
export function textAt(bytes: Buffer, offset: number, length: number): string {
  const end = bytes.indexOf(0, offset);
  return bytes.toString('utf8', offset, end < 0 ? offset + length : Math.min(end, offset + length));
}

export interface EndedProcess {
  readonly kind: 'process-ended';
  readonly tgid: number;
  /** Nanoseconds after boot. */
  readonly started: bigint;
  readonly amount: Amount;
  readonly name: string;
}

export interface CgroupChange {
  readonly kind: 'cgroup-made' | 'cgroup-removed';
  readonly id: bigint;
  /** Below the hierarchy's root; undefined when it is longer than the record holds. */
  readonly path: string | undefined;
  readonly amount: Amount;
}

/** What the kernel programs hand over through the ring; undefined when it is none of theirs. */
export function recordIn(bytes: Buffer): EndedProcess | CgroupChange | undefined {
  const words = Words.of(bytes);
  const kind = words.half(0, 0);
  if (kind === RECORD.processEnded) {
    const { started, process } = PROCESS_ENDED;
    return {
      kind: 'process-ended',
      tgid: words.half(0, 1),
      started: words.big(started),
      amount: amountAt(words, process),
      name: textAt(bytes, (process + PROCESS.comm) * 8, PROCESS.commBytes),
    };
  }
  if (kind !== RECORD.cgroupMade && kind !== RECORD.cgroupRemoved) return undefined;
  const length = words.half(0, 1);
  const isWhole = length > 1 && length < CGROUP_CHANGE.pathBytes;
  return {
    kind: kind === RECORD.cgroupMade ? 'cgroup-made' : 'cgroup-removed',
    id: words.big(CGROUP_CHANGE.id),
    path: isWhole ? textAt(bytes, CGROUP_CHANGE.path * 8, CGROUP_CHANGE.pathBytes) : undefined,
    amount: amountAt(words, CGROUP_CHANGE.amount),
  };
}
