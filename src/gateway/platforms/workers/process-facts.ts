import { type Host, readTextIfAny } from '../../../base/index.js';
import type { ProcessFacts } from '../rules/recognition.js';

/** A process as it was first seen. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** In the kernel's ticks: with the pid it is never another process's. */
  readonly startTicks: string;
  readonly facts: ProcessFacts;
}

const PARENT = 1;
const START_TICKS = 19;

/** Reads what a file under /proc says when it is first asked for. */
function once<T>(read: () => T): () => T {
  let value: { readonly of: T } | undefined;
  return () => {
    value ??= { of: read() };
    return value.of;
  };
}

const commandOf = (host: Host, pid: number): string =>
  (readTextIfAny(host.proc(String(pid), 'cmdline')) ?? '').split('\0').join(' ').trimEnd();

/** Empty where it may not be read: of other users' processes without root. */
function environmentOf(host: Host, pid: number): Readonly<Record<string, string>> {
  const entries = (readTextIfAny(host.proc(String(pid), 'environ')) ?? '').split('\0');
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  );
}

/** Undefined when it is gone already. One file is read now, the others when a rule asks for them. */
export function seeProcess(host: Host, pid: number): SeenProcess | undefined {
  const stat = readTextIfAny(host.proc(String(pid), 'stat'));
  if (stat === undefined) return undefined;
  // The name in parentheses may hold anything, also parentheses.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  return {
    pid,
    parent: Number(fields[PARENT]),
    startTicks: fields[START_TICKS] ?? '',
    facts: {
      name: stat.slice(stat.indexOf('(') + 1, end),
      command: once(() => commandOf(host, pid)),
      environment: once(() => environmentOf(host, pid)),
    },
  };
}
