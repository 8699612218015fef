/** What was said of a function: its energy per invocation, absent where it could not be told. */
export interface Energies {
  readonly [name: string]: number | undefined;
}

/** Functions of which there are both an estimate and a reference, in the reference's order, and what is left over. */
export interface Pairs {
  readonly names: readonly string[];
  readonly estimates: Float64Array;
  readonly references: Float64Array;
  /** Functions with a reference but no estimate. */
  readonly withoutEstimate: readonly string[];
  /** Functions with an estimate but no reference. */
  readonly withoutReference: readonly string[];
}

/** What every object inherits is no number, so that functions may have those names. */
const known = (energies: Energies, name: string): boolean => Number.isFinite(energies[name]);

/** Figures that are none (absent, NaN, infinite) are not compared. */
export function pairUp(estimates: Energies, references: Energies): Pairs {
  const referenced = Object.keys(references).filter((name) => known(references, name));
  const names = referenced.filter((name) => known(estimates, name));
  const values = (energies: Energies): Float64Array =>
    Float64Array.from(names, (name) => energies[name] ?? Number.NaN);
  return {
    names,
    estimates: values(estimates),
    references: values(references),
    withoutEstimate: referenced.filter((name) => !known(estimates, name)),
    withoutReference: Object.keys(estimates).filter(
      (name) => known(estimates, name) && !known(references, name),
    ),
  };
}
