import type { Logger } from '../base/index.js';

/** What a backend is opened with, besides its settings. */
export interface BackendContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}
