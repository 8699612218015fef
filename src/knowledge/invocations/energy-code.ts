import type { EnergyShare } from '../../model/index.js';
import type { Contents } from '../sqlite/contents.js';

/** What the energies of most invocations have in common: of which source and domain each is, and how it was got. */
export type EnergyLayout = readonly (readonly [
  EnergyShare['source'],
  EnergyShare['domain'],
  EnergyShare['provenance'],
])[];

/** The key of the layout, then four figures a share: the node's, its own, its share of idle, the uncertainty. */
export type EnergyCode = readonly (number | null)[];

const FIGURES = 4;

/** Layouts are few, shares many: the same layout is asked for by the same text. */
export function encodeEnergies(shares: readonly EnergyShare[], layouts: LayoutKeys): EnergyCode {
  if (shares.length === 0) return [];
  const code: (number | null)[] = [layouts.keyOf(shares)];
  for (const share of shares)
    code.push(share.nodeJoules, share.joules, share.idleJoules ?? null, share.uncertainty);
  return code;
}

export function decodeEnergies(code: EnergyCode, layouts: Contents<EnergyLayout>): EnergyShare[] {
  const [key] = code;
  if (typeof key !== 'number') return [];
  return layouts.at(key).map(([source, domain, provenance], index) => {
    const [nodeJoules, joules, idleJoules, uncertainty] = code.slice(1 + index * FIGURES) as number[];
    return {
      source,
      domain,
      nodeJoules: nodeJoules ?? Number.NaN,
      joules: joules ?? Number.NaN,
      idleJoules: idleJoules ?? undefined,
      provenance,
      uncertainty: uncertainty ?? Number.NaN,
    };
  });
}

/** Keys of layouts, found without writing the layout down each time. */
export class LayoutKeys {
  readonly #layouts: Contents<EnergyLayout>;
  readonly #byText = new Map<string, number>();

  constructor(layouts: Contents<EnergyLayout>) {
    this.#layouts = layouts;
  }

  keyOf(shares: readonly EnergyShare[]): number {
    let name = '';
    for (const { source, domain, provenance } of shares) name += `${source} ${domain} ${provenance};`;
    let key = this.#byText.get(name);
    if (key === undefined) {
      key = this.#layouts.keyOf(
        shares.map(({ source, domain, provenance }) => [source, domain, provenance] as const),
      );
      this.#byText.set(name, key);
    }
    return key;
  }

  forget(): void {
    this.#byText.clear();
    this.#layouts.forget();
  }
}
