import type { LoadFigures, LoadFootprint, LoadResult } from '../../model/index.js';
import type { GatewayFootprints } from './gateway-documents.js';

/** Beside the load's figures, what the gateway's account says of the same time. */
export function withFootprints(result: LoadResult, { functions }: GatewayFootprints): LoadResult {
  const called = new Set(result.functions.map(({ name }) => name));
  const rows = Object.entries(functions)
    .map(([name, row]) => ({ name, ...row }))
    .filter(({ name, invocations }) => called.has(name) && invocations > 0);
  if (rows.length === 0) return result;
  const footprintOf = (of: typeof rows): LoadFootprint => {
    const sum = (amount: (row: (typeof rows)[number]) => number): number =>
      of.reduce((total, row) => total + amount(row), 0);
    const calls = sum((row) => row.invocations);
    const totalJoules = sum((row) => row.total_joules);
    const hasGrams = of.every((row) => typeof row.operational_grams === 'number');
    return {
      calls,
      individualJoules: sum((row) => row.individual_joules),
      totalJoules,
      joulesPerCall: calls > 0 ? totalJoules / calls : undefined,
      operationalGrams: hasGrams ? sum((row) => row.operational_grams ?? 0) : undefined,
    };
  };
  const withOwn = <Figures extends LoadFigures>(figures: Figures, of: typeof rows): Figures =>
    of.length === 0 ? figures : { ...figures, footprint: footprintOf(of) };
  return {
    ...result,
    total: withOwn(result.total, rows),
    functions: result.functions.map((each) =>
      withOwn(
        each,
        rows.filter((row) => row.name === each.name),
      ),
    ),
  };
}
