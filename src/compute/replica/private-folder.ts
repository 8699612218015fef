import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, listIfAny } from '../../base/index.js';

/** What the kernel takes as a socket's path, with the zero at its end. */
const LONGEST_SOCKET_PATH = 107;
/** What comes after the folder's name: its random end, and a replica's number. */
const ROOM = '-XXXXXX/4294967295'.length;
const NAME = /^wattloop-(\d+)-(\d+)-\w{6}$/;

/** A folder that only this user can enter: sockets and secrets of replicas, each by the number of its replica. */
export class PrivateFolder {
  readonly path: string;

  constructor(host: Host) {
    // In memory rather than on a disk where there is such a place: secrets stand here.
    const places = [host.env.XDG_RUNTIME_DIR, '/dev/shm', tmpdir(), '/tmp'].filter((place) => !!place);
    const name = `wattloop-${process.pid}-${pidNamespace(host)}`;
    const fits = (place: string): boolean => join(place, name).length + ROOM <= LONGEST_SOCKET_PATH;
    const usable = [...new Set(places as string[])].filter((place) => isWritable(place) && fits(place));
    for (const place of usable) removeLeftovers(host, place);
    this.path = mkdtempSync(join(usable[0] ?? tmpdir(), `${name}-`));
    chmodSync(this.path, 0o700);
  }

  socketPath(replica: number): string {
    return join(this.path, String(replica));
  }

  /** Writes a file for each secret and gives the folder of them. */
  keepSecrets(replica: number, secrets: Readonly<Record<string, string>>): string {
    const folder = join(this.path, `${replica}.secrets`);
    mkdirSync(folder, { mode: 0o700 });
    for (const [name, value] of Object.entries(secrets)) {
      writeFileSync(join(folder, name), value, { mode: 0o600, flag: 'wx' });
    }
    return folder;
  }

  forget(replica: number): void {
    rmSync(this.socketPath(replica), { force: true });
    rmSync(join(this.path, `${replica}.secrets`), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function isWritable(place: string): boolean {
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Which processes a pid is one of: containers may share a folder and not their processes. */
function pidNamespace(host: Host): string {
  try {
    return /\d+/.exec(readlinkSync(host.proc('self/ns/pid')))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** Removes folders of this user's that were left by processes that are gone. */
function removeLeftovers(host: Host, place: string): void {
  if (!host.live) return;
  const ours = pidNamespace(host);
  for (const name of listIfAny(place)) {
    const [, pid, namespace] = NAME.exec(name) ?? [];
    if (pid === undefined || namespace !== ours || existsSync(host.proc(pid))) continue;
    const path = join(place, name);
    try {
      if (statSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Someone else removed it first.
    }
  }
}
