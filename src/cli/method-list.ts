import { SOURCE_NAMES } from '../model/index.js';

/** Names separated by commas, `all`, or undefined when the flag was not given. The settings' schema checks each. */
export function methodList(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  return text.trim() === 'all' ? [...SOURCE_NAMES] : text.split(',').map((name) => name.trim());
}
