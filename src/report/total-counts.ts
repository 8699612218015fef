import { contentsOf, FootprintKind } from '../footprint/index.js';

/** What the totals of an account of this kind count, as a sentence; nothing where they count everything. */
export function totalCounts(kind: FootprintKind = FootprintKind.shapley): string | undefined {
  const { floor, controlPlane, idle } = contentsOf(kind);
  const absent = [
    ...(floor ? [] : ['the load floor']),
    ...(controlPlane ? [] : ['the control plane']),
    ...(idle ? [] : ['idle']),
  ];
  if (absent.length === 0) return undefined;
  return `Totals are footprints of the kind "${kind}": without ${absent.join(', ')}.`;
}
