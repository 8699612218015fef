import type { InvocationTable, PowerTable, UsageTable } from '../../model/index.js';
import { figureText, nameText, requiredText, tableText } from './csv/write-rows.js';
import { INVOCATION_COLUMNS, POWER_COLUMNS, USAGE_COLUMNS } from './files.js';

export function powerText({ t, systemWatts, cpuWatts, acceleratorWatts }: PowerTable): Generator<string> {
  const columns = acceleratorWatts === undefined ? POWER_COLUMNS.slice(0, -1) : POWER_COLUMNS;
  return tableText(columns, t.length, (row) => {
    const time = requiredText(t[row], `the time of power row ${row}`);
    const cells = `${time},${figureText(systemWatts[row])},${figureText(cpuWatts[row])}`;
    return acceleratorWatts === undefined ? cells : `${cells},${figureText(acceleratorWatts[row])}`;
  });
}

export function invocationsText(table: InvocationTable): Generator<string> {
  const { functions, functionIndex, start, end, cold } = table;
  const names = functions.map((name) => nameText(name, 'a function'));
  const columns = cold === undefined ? INVOCATION_COLUMNS.slice(0, -1) : INVOCATION_COLUMNS;
  return tableText(columns, start.length, (row) => {
    const what = (column: string): string => `the ${column} of invocation ${row}`;
    const name = names[functionIndex[row] ?? -1] ?? nameText('', `the function of invocation ${row}`);
    const ended = end[row] === Number.POSITIVE_INFINITY ? '' : requiredText(end[row], what('end'));
    const cells = `${name},${requiredText(start[row], what('start'))},${ended}`;
    return cold === undefined ? cells : `${cells},${cold[row] === 1 ? 1 : 0}`;
  });
}

export function usageText(table: UsageTable): Generator<string> {
  const names = table.principals.map((name) => nameText(name, 'a principal'));
  const { referenceCycles } = table;
  const columns = referenceCycles === undefined ? USAGE_COLUMNS.slice(0, -1) : USAGE_COLUMNS;
  return tableText(columns, table.t.length, (row) =>
    [
      requiredText(table.t[row], `the time of usage row ${row}`),
      names[table.principalIndex[row] ?? -1] ?? nameText('', `the principal of usage row ${row}`),
      figureText(table.cpuSeconds[row]),
      figureText(table.cycles[row]),
      figureText(table.instructions[row]),
      figureText(table.llcMisses[row]),
      ...(referenceCycles === undefined ? [] : [figureText(referenceCycles[row])]),
    ].join(','),
  );
}
