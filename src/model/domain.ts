/**
 * What part of a machine an energy figure covers. `uncore` is the client processors' graphics plane (PP1), which perf
 * calls `energy-gpu`; `gpu` is a discrete accelerator.
 */
export const DOMAINS = ['system', 'psys', 'package', 'core', 'uncore', 'dram', 'gpu'] as const;
export type Domain = (typeof DOMAINS)[number];

/** The domains that lie within each domain. Energies of a domain and of one within it must never be added. */
const WITHIN: Readonly<Record<Domain, readonly Domain[]>> = {
  system: ['psys', 'package', 'core', 'uncore', 'dram', 'gpu'],
  psys: ['package', 'core', 'uncore', 'dram'],
  package: ['core', 'uncore'],
  core: [],
  uncore: [],
  dram: [],
  gpu: [],
};

export function contains(outer: Domain, inner: Domain): boolean {
  return WITHIN[outer].includes(inner);
}

/** Of the given domains those that no other of them contains: their energies may be added. */
export function disjoint(domains: Iterable<Domain>): Domain[] {
  const all = [...new Set(domains)];
  return DOMAINS.filter((domain) => all.includes(domain) && !all.some((other) => contains(other, domain)));
}
