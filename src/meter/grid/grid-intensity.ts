import type { Provenance } from '../../model/index.js';

/** The mean of everything that feeds the grid, or what the plants emit that answer to one kWh more. */
export type GridSignal = 'average' | 'marginal';

/** Where figures of a grid come from. */
export interface GridOrigin {
  /** The grid as its source calls it: `DE`, `CAISO_NORTH`. */
  readonly zone: string;
  readonly signal: GridSignal;
  /** Modelled from what plants and lines were measured to carry, or estimated where that was not in yet. Never measured. */
  readonly provenance: Provenance;
  /** By whom, and how: for people. */
  readonly method: string;
}

/** The carbon intensity of a grid now. */
export interface GridIntensity extends GridOrigin {
  readonly gramsPerKilowattHour: number;
  /** Seconds since 1970 from which on it holds, and until when. */
  readonly from: number;
  readonly until: number;
}

/** The carbon intensity of a grid over time: each value holds until the next one. */
export interface GridHistory extends GridOrigin {
  /** Seconds since 1970, ascending. */
  readonly t: Float64Array;
  /** NaN where the source had none. */
  readonly gramsPerKilowattHour: Float64Array;
  readonly lastHoldsSeconds: number;
}

/** A service that knows the carbon intensity of a grid. */
export interface GridClient {
  readonly name: string;
  /** The figure in force. The same answer is handed out for as long as it holds. */
  latest(): Promise<GridIntensity>;
  /** Between two moments, in seconds since 1970. */
  history(from: number, to: number): Promise<GridHistory>;
}
