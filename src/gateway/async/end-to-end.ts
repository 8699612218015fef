import { HOP_BY_HOP } from '../hop-by-hop.js';
import type { CallHeaders } from './call.js';

/** Said anew to whoever is called next. */
const STATED_ANEW: ReadonlySet<string> = new Set(['content-length', 'host']);

/** The headers that are passed on: all but those that speak of one connection, which may name others of theirs. */
export function endToEnd(headers: CallHeaders): Record<string, string | string[]> {
  const named = [headers.connection ?? []].flat().flatMap((text) => text.toLowerCase().split(','));
  const dropped = new Set(named.map((name) => name.trim()));
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (HOP_BY_HOP.has(name) || STATED_ANEW.has(name) || dropped.has(name)) continue;
    kept[name] = typeof value === 'string' ? value : [...value];
  }
  return kept;
}
