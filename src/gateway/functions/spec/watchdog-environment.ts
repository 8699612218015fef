import { Misdescribed } from './misdescribed.js';
import { Values } from './values.js';

/** How OpenFaaS' watchdogs work on calls: a process for each, or one server for all. */
const MODES: Readonly<Record<string, 'command' | 'http'>> = {
  http: 'http',
  streaming: 'command',
  serializing: 'command',
};

/** What the environment tells a watchdog, and us. Undefined where it tells nothing. */
export interface EnvironmentWishes {
  readonly mode: 'command' | 'http' | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly concurrency: number | undefined;
  readonly port: number | undefined;
  readonly readyPath: string | undefined;
}

export function readEnvironment(environment: Readonly<Record<string, string>> = {}): EnvironmentWishes {
  for (const [name, value] of Object.entries(environment)) checkVariable(name, value);
  const values = new Values('environment', environment);
  const exec = values.seconds('exec_timeout');
  const read = values.seconds('read_timeout');
  const write = values.seconds('write_timeout');
  // A watchdog whose calls have no limit of their own is held to those of its connections.
  const connection = read === undefined && write === undefined ? undefined : Math.max(read ?? 0, write ?? 0);
  return {
    mode: modeOf(values),
    timeoutSeconds: exec ?? connection,
    // 0 is a watchdog's word for "as many as come".
    concurrency: values.wholeNumber('max_inflight', 0) || undefined,
    port: portOf(values),
    readyPath: values.text('ready_path'),
  };
}

/** The command that the environment names, as the classic watchdog and of-watchdog call it. */
export function commandOfEnvironment(
  environment: Readonly<Record<string, string>> = {},
): { readonly key: string; readonly text: string } | undefined {
  const values = new Values('environment', environment);
  for (const key of ['fprocess', 'function_process']) {
    const text = values.text(key);
    if (text !== undefined) return { key, text };
  }
  return undefined;
}

function checkVariable(name: string, value: string): void {
  const path = ['environment', name];
  if (name === '' || /[=\0]/.test(name)) throw new Misdescribed(path, 'is no name of a variable');
  if (value.includes('\0')) throw new Misdescribed(path, 'has a NUL character, which no variable may hold');
}

function modeOf(values: Values): 'command' | 'http' | undefined {
  const mode = values.text('mode');
  if (mode === undefined) return undefined;
  const known = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (known !== undefined) return known;
  throw values.refuse(
    'mode',
    `${JSON.stringify(mode)} is not served here`,
    `Known are ${Object.keys(MODES).join(', ')}`,
  );
}

function portOf(values: Values): number | undefined {
  const address = values.text('upstream_url');
  if (address === undefined) return undefined;
  const full = address.includes('://') ? address : `http://${address}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url?.protocol === 'http:' && isHere(url.hostname)) return url.port === '' ? 80 : Number(url.port);
  throw values.refuse(
    'upstream_url',
    `must be an address of this machine such as http://127.0.0.1:3000, not ${JSON.stringify(address)}`,
  );
}

const isHere = (host: string): boolean =>
  ['localhost', '[::1]', '0.0.0.0'].includes(host) || host.startsWith('127.');
