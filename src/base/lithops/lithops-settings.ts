import { translateCompute } from './compute.js';
import { SECTIONS } from './sections.js';
import { translateStorage } from './storage.js';
import { type Place, type SettingOrigin, Translation, type Tree } from './translation.js';

export interface LithopsSettings {
  /** As a settings file of ours would have them; not checked yet. */
  readonly settings: Tree;
  /** Keys that have no meaning here. */
  readonly ignored: readonly string[];
  /** Which keys settings were taken from, by the setting's dotted path. */
  readonly origins: ReadonlyMap<string, SettingOrigin>;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands in the second outweighs the first. */
function merged(first: Tree, second: Tree): Tree {
  const both = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const known = both[key];
    both[key] = isTree(known) && isTree(value) ? merged(known, value) : (value ?? known);
  }
  return both;
}

/** Whether settings are written as Lithops has them: then at least one section is called so. */
export const isLithops = (tree: Tree): boolean => Object.keys(tree).some((key) => SECTIONS.has(key));

/**
 * The settings that a Lithops file means. Sections of ours may stand among its own, and outweigh them.
 */
export function lithopsSettings(tree: Tree, place: Place = () => 'settings'): LithopsSettings {
  const translation = new Translation(tree, place);
  translateStorage(translation);
  translateCompute(translation);
  const sections = Object.keys(tree).filter((key) => SECTIONS.has(key));
  const own = Object.fromEntries(Object.entries(tree).filter(([key]) => !SECTIONS.has(key)));
  return {
    settings: merged(translation.settings, own),
    ignored: translation.unread(sections),
    origins: translation.origins,
  };
}
