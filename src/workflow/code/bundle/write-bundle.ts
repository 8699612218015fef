import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions, BuildResult, Metafile, OutputFile } from 'esbuild';
import { ErrorCode, makeFolders, messageOf, WattloopError } from '../../../base/index.js';
import { withBundler } from './bundler.js';
import { throughLightDoor } from './light-door.js';
import { nativePackages } from './native-package.js';
import { ownPackage } from './own-package.js';
import { ownPlace, PLACE_DEFINES } from './own-place.js';

/** Code in one file, as another process imports it. */
export interface WrittenBundle {
  /** Absolute path of the bundle. */
  readonly path: string;
  /** SHA-256 of the code alone, in hexadecimal: the same as long as the code does the same. */
  readonly hash: string;
  /** The code without its source map. */
  readonly code: string;
  readonly map: string;
}

const HASH_LETTERS = 16;

const sha256 = (...parts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** Options of every bundle: one ESM file for Node.js, maps apart, messages for us alone. */
function optionsOf(folder: string, external: readonly string[], home: string): BuildOptions {
  return {
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    sourcemap: 'external',
    sourcesContent: false,
    outfile: join(folder, 'bundle.mjs'),
    define: { ...PLACE_DEFINES },
    // CommonJS modules in the bundle require what stays outside it.
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${JSON.stringify(home)});`,
    },
    plugins: [ownPackage, nativePackages(external), ownPlace],
  };
}

export interface BundleRequest {
  readonly folder: string;
  readonly external?: readonly string[];
  /** The file from whose place packages outside the bundle are required. */
  readonly home: string;
  readonly entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>;
}

/** Bundles and writes what came of it. Two that write the same do not disturb one another. Throws what esbuild throws. */
export async function writeBundle(
  request: BundleRequest,
): Promise<WrittenBundle & Pick<BuildResult<{ metafile: true }>, 'warnings' | 'metafile'>> {
  const { folder, external = [], home, entry } = request;
  const options = { ...optionsOf(folder, external, home), ...entry, metafile: true, write: false } as const;
  const result = await withBundler(({ build }) => build(options));
  const { outputFiles, warnings, metafile } = result;
  const code = await throughLightDoor(textOf(outputFiles, '.mjs'));
  const map = textOf(outputFiles, '.map');
  const path = join(folder, `bundle-${sha256(code, map).slice(0, HASH_LETTERS)}.mjs`);
  if (!existsSync(path)) {
    const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
    await writeWhole(path, code + inline);
  }
  return { path, hash: sha256(code), code, map, warnings, metafile };
}

/** The file appears with all that is in it, or not at all. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    makeFolders(dirname(path));
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new WattloopError(ErrorCode.writeFailed, `could not write ${path}: ${messageOf(error)}`, {
      remedy: 'Make room there, get the right to write there, or name another folder with data_dir',
      cause: error,
    });
  }
}

const textOf = (files: readonly OutputFile[], ending: string): string =>
  files.find(({ path }) => path.endsWith(ending))?.text ?? '';

/** What the bundle exports. */
export const exportsOf = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.exports ?? [];
