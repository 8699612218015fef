import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { closest } from '../../../base/index.js';
import { packageRoot } from './package-root.js';

const NAME = 'wattloop';
/** Modules that stand for an entry of this package where CommonJS requires it. */
const REQUIRED = 'own-package-required';

/** Where this very package is, whoever imports it from wherever. */
export const OWN_PACKAGE = packageRoot(fileURLToPath(import.meta.url));

/** The file of an entry of this package, by its name there: `wattloop/workflow`. */
export function ownEntry(specifier: string): { file: string; types: string } | { error: string } {
  const entry = `.${specifier.slice(NAME.length)}`;
  const { folder, manifest } = OWN_PACKAGE ?? {};
  const target = manifest?.exports?.[entry];
  if (folder !== undefined && typeof target === 'object' && target !== null && 'default' in target) {
    const types = 'types' in target ? String(target.types) : '';
    return { file: join(folder, String(target.default)), types: join(folder, types) };
  }
  const near = closest(entry, Object.keys(manifest?.exports ?? {}));
  const hint = near === undefined ? '' : `; did you mean "${NAME}${near.slice(1)}"?`;
  return { error: `"${specifier}" is no entry of ${NAME}${hint}` };
}

/** Keeps imports of this package as imports of this very installation, also where no node_modules leads to it. */
export const ownPackage: Plugin = {
  name: 'own-package',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${NAME}(/|$)`) }, ({ path, kind }) => {
      const entry = ownEntry(path);
      if ('error' in entry) return { errors: [{ text: entry.error }] };
      const url = pathToFileURL(entry.file).href;
      return kind === 'require-call' ? { path: url, namespace: REQUIRED } : { path: url, external: true };
    });
    // A module can't be required by its address: what is required is a module of the bundle that imports it.
    build.onLoad({ filter: /.*/, namespace: REQUIRED }, ({ path }) => ({
      contents: `export * from ${JSON.stringify(path)};`,
    }));
    build.onResolve({ filter: /.*/, namespace: REQUIRED }, ({ path }) => ({ path, external: true }));
  },
};

/** Where the types of all our entries are, as a TypeScript project wants to be told. */
export function ownTypes(): Record<string, string[]> {
  const names = Object.keys(OWN_PACKAGE?.manifest.exports ?? {}).map((entry) => `${NAME}${entry.slice(1)}`);
  return Object.fromEntries(
    names.flatMap((name) => {
      const entry = ownEntry(name);
      return 'types' in entry ? [[name, [entry.types]]] : [];
    }),
  );
}
