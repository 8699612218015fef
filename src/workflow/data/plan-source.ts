import type { InputPart } from './input-part.js';
import { listObjects } from './list-objects.js';
import type { PlanContext } from './plan-context.js';
import { planFile } from './plan-file.js';
import { evenCuts, pairs, staticChunks } from './scatter.js';
import type { DataSource } from './sources.js';

/** What each of `workers` reads of a source; all of it, for one. */
export async function planSource(
  source: DataSource<unknown>,
  workers: number,
  context: PlanContext,
): Promise<InputPart[]> {
  switch (source.source) {
    case 'values':
      return staticChunks(source.values, workers).map((value) => ({ kind: 'value', value }));
    case 'range': {
      const { start, step, count } = source;
      return pairs(evenCuts(count, workers)).map(([from, to]) => ({
        kind: 'range',
        start: start + from * step,
        step,
        count: to - from,
      }));
    }
    case 'objects': {
      const places = await listObjects(source.path, context);
      return staticChunks(places, workers).map((chunk) => ({ kind: 'objects', places: chunk }));
    }
    default:
      return planFile(source, workers, context);
  }
}
