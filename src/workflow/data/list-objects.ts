import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ErrorCode, systemCode, WattloopError } from '../../base/index.js';
import { fixedFolder, globExpression, isPattern } from './glob.js';
import type { ObjectPlace } from './input-part.js';
import { filePath, storeAddress } from './locate.js';
import { missingFile } from './missing-object.js';
import type { PlanContext } from './plan-context.js';

export type NamedPlace = ObjectPlace & { readonly name: string };

/** The objects that a path or a pattern means, by name. A name is what follows the folder that they have in common. */
export async function listObjects(path: string, context: PlanContext): Promise<NamedPlace[]> {
  const address = storeAddress(path, context.storage);
  const places = address
    ? await inStore(address, context)
    : await inFolder(filePath(path, context.baseFolder));
  if (places.length === 0) {
    throw new WattloopError(ErrorCode.notFound, `no object matches ${path}`, {
      remedy: isPattern(path)
        ? 'Check the pattern: * stands for one name, ** for folders of any depth'
        : 'Check the path',
    });
  }
  return places.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function inStore(
  { storage, key }: NonNullable<ReturnType<typeof storeAddress>>,
  context: PlanContext,
): Promise<NamedPlace[]> {
  const store = await context.open(storage);
  const folder = isPattern(key) ? fixedFolder(key) : key.slice(0, key.lastIndexOf('/') + 1);
  const matches = isPattern(key) ? globExpression(key) : undefined;
  const places: NamedPlace[] = [];
  for await (const info of store.list(isPattern(key) ? folder : key)) {
    // Consoles of stores make empty objects to show folders.
    if (info.key.endsWith('/') || matches?.test(info.key) === false) continue;
    places.push({ in: 'storage', storage, key: info.key, name: info.key.slice(folder.length) });
  }
  return places;
}

async function inFolder(path: string): Promise<NamedPlace[]> {
  if (!isPattern(path)) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw await missingFile(path);
    if (!found.isDirectory()) return [{ in: 'file', path, name: basename(path) }];
  }
  const folder = isPattern(path) ? fixedFolder(path) : `${path.replace(/\/+$/, '')}/`;
  const matches = isPattern(path) ? globExpression(path.slice(folder.length)) : /./;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    async (error: unknown) => {
      throw systemCode(error) === 'ENOENT' ? await missingFile(folder.slice(0, -1)) : error;
    },
  );
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ in: 'file' as const, path: file, name: file.slice(folder.length) }))
    .filter(({ name }) => matches.test(name));
}
