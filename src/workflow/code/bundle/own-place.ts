import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Plugin } from 'esbuild';

/** How a file is read, by the ending of its name. */
export const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/** Endings of files that can be a workflow. */
export const CODE_ENDINGS: readonly string[] = Object.keys(LOADERS);

/** Stand for what a file calls its own place, and are declared in each file that does. */
const URL_NAME = '__own_url';
const FILE_NAME = '__own_file';
const FOLDER_NAME = '__own_folder';

/** What esbuild puts in place of the names of the place of a file. */
export const PLACE_DEFINES: Readonly<Record<string, string>> = {
  'import.meta.url': URL_NAME,
  'import.meta.filename': FILE_NAME,
  'import.meta.dirname': FOLDER_NAME,
  __filename: FILE_NAME,
  __dirname: FOLDER_NAME,
};
const MENTIONED = /\bimport\s*\.\s*meta\b|\b__(?:file|dir)name\b/;
const PREFIX = /^const __own_url = [^;]*;/;

export const mentionsPlace = (text: string): boolean => MENTIONED.test(text);

/** Declares what stands for the place of a file. */
export function placePrefix(path: string): string {
  const place = [pathToFileURL(path).href, path, dirname(path)].map((value) => JSON.stringify(value));
  const [url, file, folder] = place;
  return `const ${URL_NAME} = ${url}, ${FILE_NAME} = ${file}, ${FOLDER_NAME} = ${folder};`;
}

/** The length of what was put before the first line of a file: columns there are told without it. */
export const prefixLength = (line: string): number => PREFIX.exec(line)?.[0].length ?? 0;

/** Lets `import.meta.url`, `__dirname` and the like mean the place of the file in which they stand, not that of the bundle. */
export const ownPlace: Plugin = {
  name: 'own-place',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!mentionsPlace(text)) return undefined;
      const prefix = placePrefix(path);
      // On a line that is there, so that all lines keep their numbers.
      const contents = text.startsWith('#!') ? text.replace('\n', () => `\n${prefix}`) : prefix + text;
      return { contents, loader: LOADERS[extname(path)] ?? 'js' };
    });
  },
};
