import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHost, type Host, silentLogger } from '../../../base/index.js';
import { type Settings, settingsSchema } from '../../../model/index.js';

/** A gateway's folders for one test: data, and functions. */
export class GatewayFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'gateway-'));
  readonly functions = join(this.root, 'functions');
  readonly data = join(this.root, 'data');
  readonly host: Host = createHost({ log: silentLogger });

  constructor() {
    mkdirSync(this.functions);
  }

  settings(gateway: Readonly<Record<string, unknown>> = {}): Settings {
    return settingsSchema.parse({ data_dir: this.data, gateway: { functions: this.functions, ...gateway } });
  }

  /** Writes a file of functions; the path that comes back is absolute. */
  write(name: string, text: string, mode = 0o644): string {
    const path = join(this.functions, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
