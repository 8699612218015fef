import type { Tree } from './settings-file.js';

/** Settings, and which keys of the file they come from. */
export interface TranslatedSettings {
  readonly settings: Tree;
  /** By the setting's dotted path. */
  readonly origins: ReadonlyMap<string, TranslatedKey>;
}

export interface TranslatedKey {
  readonly path: readonly string[];
  /** What to say of a value that is refused, instead of what the schema says. */
  readonly problem?: string;
  readonly remedy?: string;
}
