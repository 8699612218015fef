import { type ChildProcess, spawn } from 'node:child_process';
import type { Host } from '../../base/index.js';

/** The variable by which processes of replicas are known, whatever group or session they went to. */
export const REPLICA_VARIABLE = 'WATTLOOP_REPLICA';

/**
 * Waits until the pipe from this process ends. When this process said goodbye, that is all. Else it was killed: then everything in
 * its control groups and everything that bears its mark is killed, and what was made for that is removed.
 */
const SCRIPT = `trap '' HUP INT QUIT TERM
folder=$1 mark=$2
shift 2
said=
read -r said
[ "$said" = goodbye ] && exit 0
round=0
while [ $round -lt 200 ]; do
  round=$((round + 1))
  found=
  for group in "$@"; do
    for file in "$group"/*/cgroup.procs "$group"/*/*/cgroup.procs; do
      [ -e "$file" ] || continue
      while read -r pid; do [ "$pid" -gt 0 ] && kill -9 "$pid" && found=1; done < "$file"
    done
  done
  for file in $(grep -lsF "${REPLICA_VARIABLE}=$mark/" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    kill -9 "\${pid%/environ}" && found=1
  done
  [ -z "$found" ] && break
  sleep 0.02
done
for group in "$@"; do
  rmdir "$group"/*/*/ "$group"/*/ "$group" "\${group%/*}"
done
rm -rf "$folder"`;

const MOST_RESTARTS = 5;

/** A small process that outlives this one by a moment, so that no replica outlives it. */
export class Keeper {
  readonly #host: Host;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;
  #restarts = 0;
  #isClosed = false;

  /** `mark` begins the value of the variable in every replica; `groups` are folders of control groups with a replica in each. */
  constructor(host: Host, folder: string, mark: string, groups: readonly string[]) {
    this.#host = host;
    this.#arguments = ['-c', SCRIPT, 'wattloop-keeper', folder, mark, ...groups];
    this.#start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (
      child === undefined ||
      child.pid === undefined ||
      child.exitCode !== null ||
      child.signalCode !== null
    ) {
      return;
    }
    child.ref();
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.stdin?.end('goodbye\n');
    });
  }

  #start(): void {
    // A session of its own: what ends this process from a terminal must not end the keeper with it.
    const child = spawn('/bin/sh', this.#arguments, {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    this.#child = child;
    child.unref();
    child.stdin?.on('error', () => undefined);
    if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
    child.on('error', (error) =>
      this.#host.log.warn('nothing ends replicas when this process is killed', { error: error.message }),
    );
    child.on('exit', () => {
      if (!this.#isClosed && this.#restarts++ < MOST_RESTARTS) this.#start();
    });
  }
}
