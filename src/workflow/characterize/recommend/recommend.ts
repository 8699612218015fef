import type { Characterisation, Recommendation } from '../../../model/index.js';
import { balanced } from './balanced.js';
import { extremes } from './extremes.js';
import { noDifference } from './no-difference.js';
import { plateaus } from './plateau.js';

/** What the figures bear: by stage, each with the evidence for it. Nothing where evidence lacks. */
export const recommend = ({ stages }: Characterisation): Recommendation[] =>
  stages.flatMap((stage) => [
    ...extremes(stage),
    ...balanced(stage),
    ...noDifference(stage),
    ...plateaus(stage),
  ]);
