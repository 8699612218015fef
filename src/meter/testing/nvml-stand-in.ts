import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';

/** A C compiler on this machine, if any. */
export const compiler = ['cc', 'gcc', 'clang'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

type Set = (...args: (number | bigint)[]) => unknown;

/** NVML's stand-in, compiled and loaded, with the strings that move it. */
export interface StandIn {
  readonly path: string;
  /** Forgets everything: so many GPUs that answer each question with 0. */
  readonly reset: Set;
  readonly initAnswer: Set;
  /** How often it was started without having been shut down. */
  readonly started: Set;
  readonly energy: Set;
  readonly power: Set;
  readonly mig: Set;
  readonly utilizationAnswer: Set;
  readonly processesAnswer: Set;
  readonly sample: Set;
  readonly process: Set;
  readonly noProcesses: Set;
}

export function compileStandIn(...flags: readonly string[]): StandIn {
  if (compiler === undefined) throw new Error('no C compiler');
  const path = join(mkdtempSync(join(tmpdir(), 'wattloop-nvml-')), 'libnvidia-ml.so.1');
  const source = fileURLToPath(new URL('nvml-stand-in.c', import.meta.url));
  execFileSync(compiler, ['-shared', '-fPIC', '-Wall', '-Werror', ...flags, '-o', path, source]);
  const library = koffi.load(path);
  const bind = (name: string, ...types: string[]): Set => library.func(`standin_${name}`, 'int', types);
  return {
    path,
    reset: bind('reset', 'uint32'),
    initAnswer: bind('init_answer', 'int'),
    started: bind('started'),
    energy: bind('energy', 'uint32', 'uint64', 'int'),
    power: bind('power', 'uint32', 'uint32', 'int'),
    mig: bind('mig', 'uint32', 'uint32', 'int'),
    utilizationAnswer: bind('utilization_answer', 'uint32', 'int'),
    processesAnswer: bind('processes_answer', 'uint32', 'int'),
    sample: bind('sample', 'uint32', 'uint32', 'uint64', 'uint32'),
    process: bind('process', 'uint32', 'uint32', 'uint64'),
    noProcesses: bind('no_processes', 'uint32'),
  };
}
