import { configurationKey } from './configuration-key.js';
import { fieldUnit } from './fields.js';
import type { Profile, ProfileEntry, ProfileStage } from './profile.js';

/**
 * The units stand among the fields of every configuration. FlexExecutor takes from there the fields that it knows by name,
 * whereas it takes every key above for a configuration.
 */
function entryTree({ fields, provenance }: ProfileEntry): Record<string, unknown> {
  const units = Object.keys(fields).flatMap((name) => {
    const unit = fieldUnit(name);
    return unit === undefined ? [] : [[name, unit]];
  });
  return {
    ...fields,
    units: Object.fromEntries(units),
    ...(Object.keys(provenance).length > 0 && { provenance }),
  };
}

const stageTree = ({ entries }: ProfileStage): Record<string, unknown> =>
  Object.fromEntries(entries.map((entry) => [configurationKey(entry.configuration), entryTree(entry)]));

const text = (tree: unknown): string => `${JSON.stringify(tree, undefined, 2)}\n`;

/** A profile as a file of all its stages. */
export const profileText = ({ stages }: Profile): string =>
  text(Object.fromEntries(stages.map((stage) => [stage.name, stageTree(stage)])));

/** One stage as FlexExecutor itself keeps it: a file for each stage, which is named for it. */
export const stageText = (stage: ProfileStage): string => text(stageTree(stage));
