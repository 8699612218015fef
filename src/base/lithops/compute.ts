import { BACKENDS } from './sections.js';
import type { Translation } from './translation.js';

const HERE =
  'Set lithops.backend to localhost, or WATTLOOP_COMPUTE_BACKEND=local in the environment, to run functions on this machine';

interface Chosen {
  readonly name: string;
  readonly path: readonly string[];
}

/** The backend, or that of the mode: Lithops has a section for each mode that may name one. */
function chosenBackend(from: Translation): Chosen | undefined {
  const backend = from.get('lithops', 'backend');
  const mode = from.get('lithops', 'mode');
  if (backend !== undefined) return { name: String(backend), path: ['lithops', 'backend'] };
  if (mode === undefined) return undefined;
  const ofMode = mode === 'localhost' ? mode : from.get(String(mode), 'backend');
  return { name: String(ofMode ?? mode), path: ['lithops', 'mode'] };
}

/** Seconds that a function may take: what the executor says, or the platform, whichever is less. */
function timeout(from: Translation, section: string): void {
  const setting = ['workflow', 'timeout_seconds'];
  from.take('lithops', 'execution_timeout', setting);
  const [run, platform] = [from.get('lithops', 'execution_timeout'), from.get(section, 'runtime_timeout')];
  if (typeof run === 'number' && typeof platform === 'number' && run <= platform) return;
  from.take(section, 'runtime_timeout', setting);
}

const LOG_LEVELS: Readonly<Record<string, string>> = { warning: 'warn', critical: 'error' };

/** Where functions run, and what they are given. */
export function translateCompute(from: Translation): void {
  from.take('lithops', 'log_level', ['log_level'], (level) => {
    const name = String(level).toLowerCase();
    return LOG_LEVELS[name] ?? name;
  });
  const chosen = chosenBackend(from);
  if (chosen !== undefined) {
    const { name, path } = chosen;
    from.put(['compute', 'backend'], Object.hasOwn(BACKENDS, name) ? BACKENDS[name] : name, {
      path,
      problem: `functions can't be run on "${name}" yet`,
      remedy: HERE,
    });
  }
  const section = chosen?.name ?? 'localhost';
  from.take(section, 'runtime_memory', ['compute', 'memory_mib']);
  from.take(section, 'runtime_cpu', ['compute', 'cpu']);
  timeout(from, section);
  if (section === 'localhost') from.take(section, 'worker_processes', ['compute', 'local', 'max_cpus']);
}
