import type { FunctionWindowAccount, OnlineAccount, Rows, WindowAccount } from '../../../footprint/index.js';
import type { CallColumns, EnergyOrigin, FootprintWindow } from '../../../model/index.js';
import type { CallLedger } from '../calls/call-ledger.js';
import { entryEnergies } from '../calls/entry-energies.js';
import type { CarbonNow } from '../carbon/carbon-now.js';
import { footprintOfWindow } from './footprint-of-window.js';
import type { MachineTick } from './machine-tick.js';
import { sharedOf, windowInput } from './window-input.js';

/** A window that is settled: whose its energy was, and what the calls had of it that have ended. */
export interface Settlement {
  readonly window: FootprintWindow;
  readonly ticks: readonly MachineTick[];
  readonly calls: CallColumns;
  readonly functions: readonly FunctionWindowAccount[];
}

export interface SettleParts {
  readonly ticks: readonly MachineTick[];
  /** Of the grid: where the window ends. */
  readonly untilTick: number;
  readonly tickSeconds: number;
  readonly ledger: Pick<CallLedger, 'rows' | 'settle'>;
  readonly metered: ReadonlySet<string>;
  readonly account: Pick<OnlineAccount, 'advance'>;
  readonly carbon: CarbonNow;
  readonly origin: EnergyOrigin | undefined;
  readonly lateJoules: number;
  readonly onFailure: (error: unknown) => void;
}

export function settle(parts: SettleParts): Settlement {
  const { ticks, ledger, carbon, origin, lateJoules } = parts;
  const rows = ledger.rows(parts.untilTick, sharedOf(ticks));
  const account = accountOf(parts, rows);
  const isIdleKnown = ticks.some(({ idleJoules }) => idleJoules !== undefined);
  const calls = ledger.settle(entryEnergies(rows, account, isIdleKnown), origin);
  const { gramsPerKilowattHour } = carbon;
  const [from, to] = [rows.start, rows.start + rows.count * rows.tickSeconds];
  const window = footprintOfWindow({ from, to, gramsPerKilowattHour, account, calls, lateJoules });
  return { window, ticks, calls, functions: account.functions };
}

/** A window that can't be shared out is nobody's: its energy is not lost. */
function accountOf(parts: SettleParts, rows: Rows): WindowAccount {
  const { account, ticks, metered, carbon, onFailure } = parts;
  try {
    return account.advance(windowInput(rows, ticks, metered, carbon));
  } catch (error) {
    onFailure(error);
    const joules = ticks.reduce((sum, tick) => sum + (tick.joules ?? 0), 0);
    const unknown = new Float64Array(rows.count).fill(Number.NaN);
    return {
      functions: [],
      basis: 'calls',
      floorWatts: 0,
      principalJoules: {},
      shares: {
        measuredJoules: joules,
        individualJoules: 0,
        controlPlaneJoules: 0,
        idleJoules: 0,
        unattributedJoules: joules,
      },
      entryJoules: new Float64Array(rows.column.length).fill(Number.NaN),
      tickIdleJoules: unknown,
      tickControlPlaneJoules: unknown,
      predictedWatts: unknown,
      findings: [],
    };
  }
}
