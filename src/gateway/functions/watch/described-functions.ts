import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ErrorCode, messageOf, WattloopError } from '../../../base/index.js';
import { areUnchanged, type FileMark, marksOf } from '../build/fingerprint.js';
import type { Described, Description } from '../described.js';
import { isModule } from '../folder/find-handler.js';
import { isBelow } from '../folder/inside.js';
import type { FunctionRegistry } from '../registry/registry.js';

/** A function that files describe, as it was dealt with last. */
interface Known {
  readonly described: Described;
  readonly text: string;
  state: State;
  /** Of what is dismissed: how its files were then. */
  marks?: readonly FileMark[];
}

/**
 * `broken`: not served as described, which may be mended; `shadowed`: another of that name is, which a caller deployed;
 * `dismissed`: a caller removed it.
 */
type State = 'served' | 'broken' | 'shadowed' | 'dismissed';

/** Keeps a registry to what files describe. */
export class DescribedFunctions {
  readonly #registry: FunctionRegistry;
  #known = new Map<string, Known>();
  #candidates: readonly string[] = [];
  #isClosed = false;

  constructor(registry: FunctionRegistry) {
    this.#registry = registry;
  }

  /** Something could not be done that might be possible later. */
  get isBroken(): boolean {
    return Array.from(this.#known.values()).some(({ state }) => state === 'broken');
  }

  /** Deploys what is new, was broken, or whose files changed (all, if it isn't known which did), and removes what is gone. */
  async apply({ functions, folders }: Description, changed: ReadonlySet<string> | undefined): Promise<void> {
    const before = this.#known;
    this.#candidates = folders;
    this.#known = new Map(functions.map((described) => [described.name, knownOf(described)]));
    const gone = Array.from(before.keys()).filter((name) => !this.#known.has(name));
    await Promise.all(gone.map((name) => this.#remove(name)));
    const wanted = functions.filter(({ name }) => {
      const [old, now] = [before.get(name), this.#known.get(name)];
      if (old === undefined || now === undefined || old.text !== now.text) return true;
      Object.assign(now, { state: old.state, marks: old.marks });
      if (old.state === 'dismissed') return !areUnchanged(old.marks ?? []);
      return old.state === 'broken' || changed === undefined || this.#isConcerned(name, changed);
    });
    await Promise.all(wanted.map((described) => this.#deploy(described)));
  }

  /** Deploys nothing more of what is still to be deployed. */
  close(): void {
    this.#isClosed = true;
  }

  /** What a caller had deployed under a name is gone: what files describe may take its place. */
  uncover(name: string): void {
    this.#mark(name, 'broken');
  }

  /** A caller removed what files describe: it stays away until its files change. */
  dismiss(name: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    known.state = 'dismissed';
    known.marks = marksOf(known.described.uses);
  }

  /** The same where only modules changed of which functions are built; false where more may have changed. */
  async rebuild(changed: ReadonlySet<string>): Promise<boolean> {
    const concerned = new Set<Described>();
    if (changed.size === 0) return false;
    for (const path of changed) {
      if (!isModule(path) || !existsSync(path)) return false;
      const owners = Array.from(this.#known.values()).filter(({ described }) =>
        this.#registry.inputsOf(described.name).includes(path),
      );
      if (owners.length === 0) return false;
      for (const { described } of owners) concerned.add(described);
    }
    await Promise.all(Array.from(concerned, (described) => this.#deploy(described)));
    return true;
  }

  /** Folders in which something may change that concerns a function. */
  folders(): Set<string> {
    const folders = new Set<string>(this.#candidates);
    for (const [name, { described }] of this.#known) {
      for (const path of described.uses) folders.add(path).add(dirname(path));
      for (const path of this.#registry.inputsOf(name)) {
        // Packages change when they are installed, which changes what stands beside them too.
        if (!path.includes('/node_modules/')) folders.add(dirname(path));
      }
    }
    return folders;
  }

  #isConcerned(name: string, changed: ReadonlySet<string>): boolean {
    const uses = this.#known.get(name)?.described.uses ?? [];
    const inputs = this.#registry.inputsOf(name);
    const all = [...uses, ...inputs];
    // A folder of the function's own, or one above it that was put in place of another.
    return Array.from(changed).some((path) => all.some((used) => isBelow(path, used) || isBelow(used, path)));
  }

  async #deploy({ name, spec, problem }: Described): Promise<void> {
    if (this.#isClosed) return;
    const state = await this.#tried(name, async () => {
      if (problem !== undefined) throw problem;
      await this.#registry.deploy(spec, { origin: 'files' });
    });
    this.#mark(name, state);
  }

  #mark(name: string, state: State): void {
    const known = this.#known.get(name);
    if (known !== undefined) known.state = state;
  }

  async #remove(name: string): Promise<void> {
    this.#registry.report(name, undefined);
    if (this.#registry.originOf(name) !== 'files') return;
    await this.#tried(name, () => this.#registry.remove(name));
  }

  async #tried(name: string, work: () => Promise<unknown>): Promise<State> {
    try {
      await work();
      this.#registry.report(name, undefined);
      return 'served';
    } catch (error) {
      this.#registry.report(name, error instanceof WattloopError ? error.line : messageOf(error));
      const isShadowed = error instanceof WattloopError && error.code === ErrorCode.alreadyExists;
      return isShadowed ? 'shadowed' : 'broken';
    }
  }
}

const knownOf = (described: Described): Known => ({
  described,
  text: JSON.stringify([described.spec, described.problem?.line, described.uses]),
  state: described.problem === undefined ? 'served' : 'broken',
});
