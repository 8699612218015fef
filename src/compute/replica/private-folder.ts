import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, listIfAny } from '../../base/index.js';

/** What the kernel takes as a socket's path, with the zero at its end. */
const LONGEST_SOCKET_PATH = 107;
/** What comes after the folder's own path: its random end, and a replica's number. */
const ROOM = '-XXXXXX/4294967295'.length;
const NAME = /^wattloop-(\d+)-\w{6}$/;

/** A folder that only this user can enter: sockets and secrets of replicas, each by the number of its replica. */
export class PrivateFolder {
  readonly path: string;

  constructor(host: Host) {
    // Memory rather than a disk where there is such a folder: secrets stand here.
    const places = [host.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'].filter((place) => place !== undefined);
    const name = `wattloop-${process.pid}`;
    const place =
      places.find((one) => existsSync(one) && join(one, name).length + ROOM <= LONGEST_SOCKET_PATH) ?? '/tmp';
    for (const one of new Set(places)) removeLeftovers(host, one);
    this.path = mkdtempSync(join(place, `${name}-`));
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

/** Removes folders of this user's that were left by processes that are gone. */
function removeLeftovers(host: Host, place: string): void {
  if (!host.live) return;
  for (const name of listIfAny(place)) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || existsSync(host.proc(pid))) continue;
    const path = join(place, name);
    try {
      if (statSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Someone else removed it first.
    }
  }
}
