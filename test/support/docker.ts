import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CGROUPS = '/sys/fs/cgroup';
const BUSYBOX = '/bin/busybox';
const IMAGE = 'wattloop-test:1';

const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0;

const PT_INTERP = 3;

/** A shell that needs no library, to make an image of: its ELF file (64-bit) asks for no loader. */
function hasStaticShell(): boolean {
  if (!existsSync(BUSYBOX)) return false;
  const elf = readFileSync(BUSYBOX);
  const [start, size, count] = [
    Number(elf.readBigUInt64LE(0x20)),
    elf.readUInt16LE(0x36),
    elf.readUInt16LE(0x38),
  ];
  return Array.from({ length: count }, (_, index) => elf.readUInt32LE(start + index * size)).every(
    (type) => type !== PT_INTERP,
  );
}

/** Why no engine can be started here. */
export function whyNoDocker(): string | undefined {
  const missing = ['dockerd', 'docker', 'tar'].filter((program) => !isInstalled(program));
  if (missing.length > 0) return `${missing.join(', ')} not installed (Debian: docker.io)`;
  if (!hasStaticShell()) return `no static ${BUSYBOX} (Debian: busybox-static)`;
  return process.getuid?.() === 0 ? undefined : 'dockerd needs root';
}

/** The hierarchies in which an engine makes a group for its containers, named `docker`. */
const dockerGroups = (): string[] =>
  [
    CGROUPS,
    ...readdirSync(CGROUPS, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(CGROUPS, entry.name)] : [],
    ),
  ]
    .map((folder) => join(folder, 'docker'))
    .filter((folder) => existsSync(folder));

/** Debian's dockerd with everything of its own in one folder and no network: it touches no other engine and leaves nothing. */
export class Docker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wattloop-dockerd-'));
  readonly #groupsBefore = new Set(dockerGroups());
  readonly #networks: string[] = [];
  readonly #process: ChildProcess;

  private constructor() {
    const own = (name: string): string => join(this.#folder, name);
    this.#process = spawn(
      'dockerd',
      [
        ...['--data-root', own('data'), '--exec-root', own('exec'), '--pidfile', own('pid')],
        ...['--host', `unix://${this.socket}`, '--group', 'root', '--storage-driver', 'vfs'],
        ...['--bridge', 'none', '--iptables=false', '--ip-masq=false', '--ip-forward=false'],
        // Groups made without systemd, which a container has none of.
        ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  }

  /** Rejects with what the engine said when it does not start. */
  static async start(): Promise<Docker> {
    const docker = new Docker();
    try {
      await docker.#ready();
      docker.image(IMAGE, {}, ['/bin/sh']);
    } catch (error) {
      await docker.stop();
      throw error;
    }
    return docker;
  }

  get socket(): string {
    return join(this.#folder, 'docker.sock');
  }

  /** Starts a shell script in a container; returns the container's id. */
  run(name: string, script: string, ...options: string[]): string {
    const args = [
      'run',
      '--detach',
      '--network',
      'none',
      '--name',
      name,
      ...options,
      IMAGE,
      '/bin/sh',
      '-c',
      script,
    ];
    return this.#docker(...args).trim();
  }

  /** Makes an image of busybox with scripts of its own, by path; returns its name. */
  image(name: string, files: Readonly<Record<string, string>>, command: readonly string[]): string {
    const folder = join(this.#folder, 'images', name);
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync(BUSYBOX, join(bin, 'busybox'));
    symlinkSync('busybox', join(bin, 'sh'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: 0o755 });
    }
    const archive = `${folder}.tar`;
    execFileSync('tar', ['-C', folder, '-cf', archive, '.']);
    this.#docker('import', '--change', `CMD ${JSON.stringify(command)}`, archive, name);
    return name;
  }

  /** Makes a network of containers on this machine; it goes with the engine. Returns its name. */
  network(): string {
    const name = `wattloop-${process.pid}`;
    // The kernel's name of an interface has 15 letters at most.
    const bridge = `wl${process.pid}`;
    this.#docker('network', 'create', '--opt', `com.docker.network.bridge.name=${bridge}`, name);
    this.#networks.push(name);
    return name;
  }

  /** Starts an image's own server on a network. */
  serve(image: string, name: string, network: string, labels: readonly string[]): string {
    const more = labels.flatMap((label) => ['--label', label]);
    return this.#docker('run', '--detach', '--network', network, '--name', name, ...more, image).trim();
  }

  /** A container's address on a network. */
  address(name: string, network: string): string {
    const format = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
    return this.#docker('inspect', '--format', format, name).trim();
  }

  /** Waits until a container has ended. */
  wait(name: string): void {
    this.#docker('wait', name);
  }

  /** What `docker ps --all` lists, by a format of its own. */
  list(format: string, ...filters: string[]): string[] {
    const args = filters.flatMap((filter) => ['--filter', filter]);
    return this.#docker('ps', '--all', '--no-trunc', '--format', format, ...args)
      .split('\n')
      .filter(Boolean);
  }

  remove(name: string): void {
    this.#docker('rm', '--force', name);
  }

  async stop(): Promise<void> {
    const isRunning = this.#process.exitCode === null && this.#process.signalCode === null;
    if (isRunning && existsSync(this.socket)) {
      const ids = this.#docker('ps', '--all', '--quiet').split('\n').filter(Boolean);
      if (ids.length > 0) this.#docker('rm', '--force', ...ids);
      for (const network of this.#networks) this.#docker('network', 'rm', network);
    }
    if (isRunning) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    for (const line of mounts.reverse()) {
      const [, point = ''] = line.split(' ');
      if (point.startsWith(this.#folder)) spawnSync('umount', ['--lazy', point]);
    }
    rmSync(this.#folder, { recursive: true, force: true });
    for (const group of dockerGroups()) {
      if (this.#groupsBefore.has(group)) continue;
      try {
        rmdirSync(group);
      } catch {
        // Another engine uses it by now.
      }
    }
  }

  #docker(...args: string[]): string {
    return execFileSync('docker', ['--host', `unix://${this.socket}`, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #ready(): Promise<void> {
    const lines: string[] = [];
    const { stderr } = this.#process;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void =>
        reject(
          new Error(
            `dockerd ${why}: ${lines.filter((line) => /level=(error|fatal)|^failed/.test(line)).join('\n')}`,
          ),
        );
      const tooLate = setTimeout(() => fail('did not start in 40 s'), 40_000);
      this.#process.once('error', (error) => fail(error.message));
      this.#process.once('exit', () => fail('ended'));
      if (stderr === null) return;
      createInterface({ input: stderr }).on('line', (line) => {
        lines.push(line);
        if (!line.includes('API listen on')) return;
        clearTimeout(tooLate);
        resolve();
      });
    });
  }
}
