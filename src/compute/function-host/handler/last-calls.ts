/** How long a process that should get no more calls waits for those that were on their way to it. */
const LAST_CALLS_MILLISECONDS = 1_000;

/** Ends this process when its calls are done, from the moment on when it is spoiled. */
export class LastCalls {
  #underWay = 0;
  #isSpoiled = false;

  begun(): void {
    this.#underWay++;
  }

  ended(): void {
    this.#underWay--;
    this.#endIfDone();
  }

  /** False when it was spoiled before. */
  spoil(): boolean {
    if (this.#isSpoiled) return false;
    this.#isSpoiled = true;
    this.#endIfDone();
    return true;
  }

  #endIfDone(): void {
    if (!this.#isSpoiled || this.#underWay > 0) return;
    setTimeout(() => {
      if (this.#underWay === 0) process.exit(1);
    }, LAST_CALLS_MILLISECONDS);
  }
}
