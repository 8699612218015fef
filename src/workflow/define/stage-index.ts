import { closest, ErrorCode, WattloopError } from '../../base/index.js';

/** A stage by its name. `where` begins the message when there is none. */
export function indexOfStage(indexOf: ReadonlyMap<string, number>, name: string, where = ''): number {
  const index = indexOf.get(name);
  if (index !== undefined) return index;
  const names = [...indexOf.keys()];
  throw new WattloopError(ErrorCode.badInput, `${where}there is no stage "${name}"`, {
    remedy: `Did you mean "${closest(name, names)}"? There are ${names.join(', ')}`,
  });
}
