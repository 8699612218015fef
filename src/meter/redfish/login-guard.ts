import { type Clock, ErrorCode, WattloopError } from '../../base/index.js';

/** Controllers lock a user out after a few refused passwords: one that was refused is not sent again for this long. */
const REFUSED_SECONDS = 300;

/** Remembers that a password was refused, for as long as its source lives, however often that is opened. */
export class LoginGuard {
  readonly #clock: Clock;
  #refused: { readonly error: WattloopError; readonly until: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws when the password was refused a short while ago. */
  check(): void {
    if (this.#refused && this.#clock.now() < this.#refused.until) throw this.#refused.error;
  }

  refuse(where: string): WattloopError {
    const error = new WattloopError(
      ErrorCode.permissionDenied,
      `redfish: ${where} refused the user or the password`,
      {
        remedy: `Check sources.redfish.user and its password; the next try is in ${REFUSED_SECONDS} s, lest the user be locked out`,
      },
    );
    this.#refused = { error, until: this.#clock.now() + REFUSED_SECONDS };
    return error;
  }
}
