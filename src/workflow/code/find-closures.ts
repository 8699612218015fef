import { parseModule } from './parse.js';
import { type Analysis, analyse, type FoundFunction } from './scope/analyse.js';
import { type CaptureReason, captures } from './scope/captures.js';

/** A function that is to run in another process. */
export interface TravellingFunction {
  /** As errors name it: `stage "sample"`. */
  readonly name: string;
  /** `fn.toString()`. */
  readonly source: string;
  /** Where it begins in the text (its parameters, as V8 tells), where several functions may have the same source. */
  readonly offset?: () => number | undefined;
}

/** A variable that a function uses though it can't go with it. */
export interface Closure {
  readonly function: string;
  readonly variable: string;
  readonly reason: CaptureReason;
  /** Offset in the text where the variable is declared. */
  readonly declaredAt: number;
}

/** The functions of a text whose own text is this. */
function functionsWithSource(text: string, analysis: Analysis, source: string): FoundFunction[] {
  const found: FoundFunction[] = [];
  for (let at = text.indexOf(source); at >= 0; at = text.indexOf(source, at + 1)) {
    const end = at + source.length;
    const match = analysis.functions.find(
      ({ node, outerStart }) => node.end === end && outerStart <= at && at <= node.start,
    );
    if (match) found.push(match);
  }
  return found;
}

/** One of several functions with the same text: the one at this offset, if that is known. */
function atOffset(found: FoundFunction[], offset: number | undefined): FoundFunction[] {
  if (offset === undefined) return found;
  const there = found.filter(({ node, outerStart }) => outerStart <= offset && offset < node.end);
  return there.length > 0 ? there : found;
}

/**
 * The variables that functions of a bundle use of functions around them, or of the module though they are changed. What
 * is not in the text, as it comes from elsewhere, is not judged.
 */
export function findClosures(text: string, functions: Iterable<TravellingFunction>): Closure[] {
  const analysis = analyse(parseModule(text));
  const closures: Closure[] = [];
  for (const one of functions) {
    const found = functionsWithSource(text, analysis, one.source);
    for (const { node } of found.length > 1 ? atOffset(found, one.offset?.()) : found) {
      for (const { binding, reason } of captures(analysis, node)) {
        closures.push({ function: one.name, variable: binding.name, reason, declaredAt: binding.start });
      }
    }
  }
  return closures;
}
