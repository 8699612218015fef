import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withBundler } from '../bundle/bundler.js';
import { LOADERS } from '../bundle/own-place.js';
import { type FunctionPlace, loadedScript } from '../function-place.js';
import { parseModule } from '../parse.js';
import { type Analysis, analyse, type FoundFunction } from '../scope/analyse.js';
import { GeneratedFile, inlineMap } from '../source-map.js';
import { TextLines, type TextPlace } from '../text-lines.js';

/** The file in which a function stands, as JavaScript, and where in it. */
export interface DefiningModule {
  readonly file: string;
  readonly text: string;
  /** From the text to the file, where they differ. */
  readonly map: string | undefined;
  readonly analysis: Analysis;
  readonly found: FoundFunction;
}

/** The file that a function comes from, and the function in it; undefined where it comes from no file (eval, a prompt). */
export async function definingModule(place: FunctionPlace | undefined): Promise<DefiningModule | undefined> {
  const script = place && loadedScript(place.scriptId);
  const file = script && filePath(script.url);
  const disk = file && (await readFile(file, 'utf8').catch(() => undefined));
  if (!place || !script || !file || disk === undefined) return undefined;
  const loader = LOADERS[extname(file)];
  if (script.text === disk && (loader === 'js' || loader === undefined)) return asItStands(file, disk, place);
  return translated(file, disk, script.text, place);
}

function filePath(url: string): string | undefined {
  if (url.startsWith('file:')) return fileURLToPath(url.replace(/[?#].*$/, ''));
  return url.startsWith('/') ? url : undefined;
}

function asItStands(file: string, text: string, place: TextPlace): DefiningModule | undefined {
  const analysis = analyse(parseModule(text));
  const offset = new TextLines(text).offsetOf(place);
  const found = offset === undefined ? undefined : functionAt(analysis, offset);
  return found && { file, text, map: undefined, analysis, found };
}

/** The innermost function around: the last one to begin before, of those that end behind. */
function functionAt({ functions }: Analysis, offset: number): FoundFunction | undefined {
  return functions.findLast(({ node, outerStart }) => outerStart <= offset && offset < node.end);
}

/** A loader ran something else than what is in the file: its map leads back there, and ours from there to our translation. */
async function translated(
  file: string,
  disk: string,
  ran: string,
  place: TextPlace,
): Promise<DefiningModule | undefined> {
  const options = {
    loader: LOADERS[extname(file)] ?? 'js',
    sourcefile: file,
    sourcemap: 'external',
    sourcesContent: false,
    target: 'node20.19',
    charset: 'utf8',
  } as const;
  const { code, map } = await withBundler(({ transform }) => transform(disk, options));
  const ranMap = inlineMap(ran);
  const origin = ranMap === undefined ? undefined : new GeneratedFile(file, ranMap).origin(place);
  // Without a map, only types were blanked out.
  const written = origin ? { line: origin.line - 1, column: origin.column - 1 } : place;
  const analysis = analyse(parseModule(code));
  const [lines, ours] = [new TextLines(code), new GeneratedFile(file, map)];
  const at = (offset: number): TextPlace | undefined => {
    const source = ours.origin(lines.placeOf(offset));
    return source && { line: source.line - 1, column: source.column - 1 };
  };
  const found = analysis.functions.findLast(({ node, outerStart }) => {
    const [start, end] = [at(outerStart), at(node.end - 1)];
    return start && end && !isBefore(written, start) && !isBefore(end, written);
  });
  return found && { file, text: code, map, analysis, found };
}

const isBefore = (a: TextPlace, b: TextPlace): boolean =>
  a.line < b.line || (a.line === b.line && a.column < b.column);
