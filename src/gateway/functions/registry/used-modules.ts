/** Which bundles somebody runs. */
export class UsedModules {
  readonly #users = new Map<string, number>();

  has(module: string): boolean {
    return this.#users.has(module);
  }

  /** What is returned gives it back; `unused` is called when the last does. */
  take(module: string | undefined, unused: () => Promise<void>): () => void {
    if (module === undefined) return () => undefined;
    this.#users.set(module, (this.#users.get(module) ?? 0) + 1);
    let isMine = true;
    return () => {
      if (!isMine) return;
      isMine = false;
      const left = (this.#users.get(module) ?? 1) - 1;
      if (left > 0) {
        this.#users.set(module, left);
        return;
      }
      this.#users.delete(module);
      // Nobody waits for it, and what stays goes with the next.
      unused().catch(() => undefined);
    };
  }
}
