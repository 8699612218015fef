import type { CallHeaders } from './call.js';

/** Headers that speak of one connection, or of a length that is stated anew. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'expect',
  'host',
]);

/** The headers that are passed on: all but those that speak of one connection, which may name others of theirs. */
export function endToEnd(headers: CallHeaders): Record<string, string | string[]> {
  const named = [headers.connection ?? []].flat().flatMap((text) => text.toLowerCase().split(','));
  const dropped = new Set(named.map((name) => name.trim()));
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (OF_ONE_CONNECTION.has(name) || dropped.has(name)) continue;
    kept[name] = typeof value === 'string' ? value : [...value];
  }
  return kept;
}
