import { pathToFileURL } from 'node:url';
import { ownEntry } from './own-package.js';

const entry = ownEntry('wattloop/workflow');
const FULL = 'file' in entry ? pathToFileURL(entry.file).href : undefined;
const LIGHT = new URL('../../define/index.js', import.meta.url).href;

/**
 * A workflow file needs little of this package: what workflows are written with. Where it imports no more than that, it is
 * sent to the small door, so that a worker that loads it doesn't load runners, databases and compilers too.
 */
export async function throughLightDoor(code: string): Promise<string> {
  if (FULL === undefined) return code;
  const light = Object.keys(await import('../../define/index.js'));
  const statement = new RegExp(`^import \\{([^}]*)\\} from "${escaped(FULL)}";$`, 'gm');
  return code.replace(statement, (whole, names: string) => {
    const imported = names.split(',').map((name) => name.trim().split(' as ')[0] ?? '');
    return imported.every((name) => name === '' || light.includes(name)) ? whole.replace(FULL, LIGHT) : whole;
  });
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
