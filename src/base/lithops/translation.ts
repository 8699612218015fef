import { ErrorCode, WattloopError } from '../../errors/index.js';

/** `FILE, line N` of a key. */
export type Place = (path: readonly string[]) => string;

export type Tree = { [key: string]: unknown };

/** The key in the file that a setting was taken from. */
export interface SettingOrigin {
  readonly path: readonly string[];
  /** What is wrong with its value, should it be refused, better said than the settings would say it. */
  readonly problem?: string;
  readonly remedy?: string;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings as they are taken over, key by key, and which keys those were. */
export class Translation {
  readonly settings: Tree = {};
  readonly origins = new Map<string, SettingOrigin>();
  readonly #source: Tree;
  readonly #place: Place;
  readonly #read = new Set<string>();

  constructor(source: Tree, place: Place) {
    this.#source = source;
    this.#place = place;
  }

  /** The value of a key, which counts as understood from now on. */
  get(section: string, key: string): unknown {
    const tree = this.section(section);
    if (tree[key] === undefined) return undefined;
    this.#read.add(`${section}.${key}`);
    return tree[key];
  }

  section(name: string): Tree {
    const tree = this.#source[name] ?? {};
    if (isTree(tree)) return tree;
    throw new WattloopError(ErrorCode.badConfiguration, `${this.#place([name])}: ${name} holds no settings`, {
      remedy: 'Write its settings as "key: value" below it',
    });
  }

  /** Takes a key over as it stands, or as `change` makes it. A later key outweighs an earlier one. */
  take(
    section: string,
    key: string,
    setting: readonly string[],
    change: (value: unknown) => unknown = (value) => value,
  ): void {
    const value = this.get(section, key);
    if (value !== undefined) this.put(setting, change(value), { path: [section, key] });
  }

  put(setting: readonly string[], value: unknown, origin: SettingOrigin): void {
    let branch = this.settings;
    for (const step of setting.slice(0, -1)) {
      const next = branch[step];
      const child: Tree = isTree(next) ? next : {};
      branch[step] = child;
      branch = child;
    }
    const last = setting.at(-1);
    if (last === undefined) return;
    branch[last] = value;
    this.origins.set(setting.join('.'), origin);
  }

  /** Keys that were not asked for; a section of which none was, by its own name. */
  unread(sections: Iterable<string>): string[] {
    return [...sections].flatMap((name) => {
      const keys = Object.keys(this.section(name)).filter((key) => this.section(name)[key] !== undefined);
      const unread = keys.filter((key) => !this.#read.has(`${name}.${key}`));
      return unread.length > 0 && unread.length === keys.length
        ? [name]
        : unread.map((key) => `${name}.${key}`);
    });
  }
}
