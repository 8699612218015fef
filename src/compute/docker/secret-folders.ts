import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, listIfAny, makeFolders } from '../../base/index.js';
import { isGone, parseOwner } from './owner.js';

/** Folders of secrets that containers are shown: `FOLDER/OWNER/REPLICA`, a file each. */
export class SecretFolders {
  readonly #host: Host;
  readonly #folder: string;
  readonly #owner: string;

  constructor(host: Host, folder: string, owner: string) {
    this.#host = host;
    this.#folder = folder;
    this.#owner = owner;
  }

  /** Undefined where there is no secret. */
  make(replica: string, secrets: Readonly<Record<string, string>>): string | undefined {
    if (Object.keys(secrets).length === 0) return undefined;
    makeFolders(this.#folder);
    // Nobody else on this machine gets past this one; a container sees only what lies in its own.
    chmodSync(this.#folder, 0o700);
    const folder = join(this.#folder, this.#owner, replica);
    makeFolders(join(this.#folder, this.#owner));
    mkdirSync(folder);
    for (const [name, secret] of Object.entries(secrets)) {
      const file = join(folder, name);
      writeFileSync(file, secret);
      // Read by whichever user the image runs as.
      chmodSync(file, 0o444);
    }
    chmodSync(folder, 0o555);
    return folder;
  }

  remove(folder: string | undefined): void {
    if (folder === undefined) return;
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }

  /** What owners that are gone have left, and what this one made. */
  removeLeftovers(): void {
    for (const name of listIfAny(this.#folder)) {
      const owner = parseOwner(name);
      if (owner !== undefined && isGone(this.#host, owner)) this.#removeOf(name);
    }
  }

  close(): void {
    this.#removeOf(this.#owner);
  }

  #removeOf(owner: string): void {
    const folder = join(this.#folder, owner);
    for (const replica of listIfAny(folder)) this.remove(join(folder, replica));
    rmSync(folder, { recursive: true, force: true });
  }
}
