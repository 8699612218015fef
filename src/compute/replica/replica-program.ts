import { heapFlags } from '../local/heap-flags.js';
import { FUNCTION_HOST_PROGRAM } from './function-host-program.js';
import { REPLICA_VARIABLE } from './keeper.js';
import type { ReplicaPlan } from './replica.js';

/** What functions see of the environment of this process: what programs need to be found and to speak the user's language. */
const INHERITED = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR)$/;

export interface ProgramPlace {
  /** By what its processes are known. */
  readonly mark: string;
  readonly secretsFolder: string;
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Of an HTTP server. */
  readonly port: number | undefined;
}

export interface ReplicaProgram {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The command line and the environment of a replica. */
export function replicaProgram(plan: ReplicaPlan, place: ProgramPlace): ReplicaProgram {
  const environment = environmentOf(plan, place);
  const { port } = place;
  if (plan.kind === 'http' && port !== undefined) {
    // Many servers take their port as an argument only.
    const command = (plan.command ?? []).map((part) => part.replace(/\$\{PORT\}|\$PORT\b/g, String(port)));
    return { command: withOddVariables(command, environment), environment };
  }
  const { memoryMib } = plan.limits;
  const flags = plan.kind === 'handler' && memoryMib !== undefined ? heapFlags(memoryMib) : [];
  const command = [process.execPath, ...flags, FUNCTION_HOST_PROGRAM];
  return { command: withOddVariables(command, environment), environment };
}

/** Names that a shell passes on. Others (`spring.datasource.url`) the gate would drop: env(1) puts them back. */
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function withOddVariables(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): string[] {
  const odd = Object.entries(environment).flatMap(([name, value]) =>
    SHELL_NAME.test(name) ? [] : `${name}=${value}`,
  );
  return odd.length === 0 ? [...command] : ['env', ...odd, ...command];
}

function environmentOf(plan: ReplicaPlan, place: ProgramPlace): Record<string, string> {
  const { inherited, port, mark, secretsFolder } = place;
  const kept = Object.entries(inherited).flatMap(([name, value]) =>
    INHERITED.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(kept),
    ...(port === undefined ? {} : { upstream_url: `http://127.0.0.1:${port}`, mode: 'http' }),
    ...plan.environment,
    ...(port === undefined ? {} : { PORT: String(port) }),
    secret_mount_path: secretsFolder,
    [REPLICA_VARIABLE]: mark,
  };
}
