import type { Logger } from '../../base/index.js';
import { refuseTypeErrors, typeCheck } from './type-check.js';

/** Refuses a workflow file with type errors, where there is a TypeScript to find them; else goes on, and says why. */
export async function checkTypes(file: string, log: Logger): Promise<void> {
  const found = await typeCheck(file);
  if (found.checked) refuseTypeErrors(found);
  else log.info('types were not checked', { reason: found.reason });
}
