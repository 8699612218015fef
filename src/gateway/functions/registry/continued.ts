import { isWhole } from './function-maker.js';
import type { FunctionRecord } from './function-record.js';

/** What was served before, if it is that still, with what is known now of the files that it is made of. */
export function continued(before: FunctionRecord | undefined, record: FunctionRecord): FunctionRecord {
  const isSame =
    before?.origin === record.origin &&
    before.deployed.version === record.deployed.version &&
    isWhole(before.deployed);
  if (!isSame || record.build === before.build) return isSame ? before : record;
  if (record.build === undefined || before.build === undefined) return record;
  return { ...before, build: { ...record.build, module: before.build.module } };
}
