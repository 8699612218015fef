import { type Domain, MICRO } from '../../model/index.js';
import type { Figure } from '../prometheus/figures.js';
import type { TimedSample } from '../prometheus/samples.js';

export const SCAPHANDRE_PREFIXES = ['scaph_host_', 'scaph_socket_', 'scaph_domain_'] as const;

const NAME = /^scaph_(host|socket|domain)_(power_microwatts|energy_microjoules)$/;
const PLATFORM = 'scaph_host_rapl_psys_microjoules';
const DOMAINS: Readonly<Record<string, Domain>> = { core: 'core', uncore: 'uncore', dram: 'dram' };

function placeOf(
  level: string,
  labels: TimedSample['labels'],
): { domain: Domain; device: string } | undefined {
  const device = `package-${labels.socket_id ?? '0'}`;
  if (level === 'socket') return { domain: 'package', device };
  // The host's figure is the platform counter where there is one, or else packages and memory added up.
  if (level === 'host') return { domain: 'psys', device: 'host' };
  const domain = DOMAINS[labels.domain_name ?? ''];
  return domain && { domain, device };
}

function figureOf({ name, labels, value, at }: TimedSample): Figure | undefined {
  const [, level = '', unit = ''] = NAME.exec(name) ?? [];
  const place = placeOf(level, labels);
  if (level === '' || place === undefined) return undefined;
  return unit.startsWith('power')
    ? { ...place, kind: 'power', watts: value * MICRO, at }
    : { ...place, kind: 'counter', series: '', total: value * MICRO, at };
}

/**
 * The node's energies on Scaphandre's page. Its counters are preferred to its gauges, which are means since its previous
 * scrape. The host's figure is used only where it says more than the sockets do: with a platform counter, or alone.
 */
export function scaphandreFigures(samples: readonly TimedSample[]): Figure[] {
  const figures = samples.flatMap((sample) => figureOf(sample) ?? []);
  const hasPlatform = samples.some(({ name }) => name === PLATFORM);
  const hasSockets = figures.some(({ domain }) => domain === 'package');
  const key = ({ domain, device }: Figure): string => `${domain} ${device}`;
  const counted = new Set(figures.filter((f) => f.kind === 'counter' && f.total > 0).map(key));
  return figures
    .filter(({ domain }) => domain !== 'psys' || hasPlatform || !hasSockets)
    .filter((figure) => (figure.kind === 'counter') === counted.has(key(figure)));
}
