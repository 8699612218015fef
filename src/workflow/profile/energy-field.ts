import { type Domain, type Provenance, SOURCE_NAMES, type SourceName } from '../../model/index.js';

/** A method of FlexExecutor's, and the source of ours that it stands for. */
interface Method {
  readonly name: string;
  readonly source: SourceName;
  /** Where the file does not say. */
  readonly provenance: Provenance;
}

// `ebpf` and `psutil` tell CPU time, not energy: theirs is measured energy shared out by their CPU time.
const METHODS: readonly Method[] = [
  { name: 'rapl', source: 'rapl', provenance: 'measured' },
  { name: 'perf', source: 'perf-power', provenance: 'measured' },
  { name: 'ebpf', source: 'ebpf', provenance: 'modelled' },
  { name: 'psutil', source: 'proc', provenance: 'modelled' },
  { name: 'tdp', source: 'tdp', provenance: 'estimated' },
];

const OTHER_METHODS: readonly Method[] = SOURCE_NAMES.filter(
  (source) => source !== 'perf' && !METHODS.some((method) => method.source === source),
).map((source) => ({
  name: source.replaceAll('-', '_'),
  source,
  // Kepler and Scaphandre may measure as well as model; the file says which, where it is ours.
  provenance: source === 'kepler' || source === 'scaphandre' ? 'modelled' : 'measured',
}));

const ALL_METHODS = [...METHODS, ...OTHER_METHODS];

const DOMAIN_NAMES: Readonly<Record<Domain, string>> = {
  system: 'system',
  psys: 'psys',
  package: 'pkg',
  core: 'cores',
  uncore: 'uncore',
  dram: 'ram',
  gpu: 'gpu',
};

const DOMAINS_BY_NAME: ReadonlyMap<string, Domain> = new Map([
  ...(Object.keys(DOMAIN_NAMES) as Domain[]).map((domain) => [DOMAIN_NAMES[domain], domain] as const),
  ['package', 'package'] as const,
  ['core', 'core'] as const,
  ['dram', 'dram'] as const,
]);

export interface EnergyField {
  readonly source: SourceName;
  readonly domain: Domain;
  readonly provenance: Provenance;
}

const FIELD = /^(.+)_energy_([a-z]+)$/;

/** What `<method>_energy_<domain>` stands for; undefined for what is no such field, or of no domain of a machine. */
export function energyField(name: string): EnergyField | undefined {
  const [, methodName, domainName = ''] = FIELD.exec(name) ?? [];
  const method = ALL_METHODS.find((each) => each.name === methodName);
  const domain = DOMAINS_BY_NAME.get(domainName);
  if (method === undefined || domain === undefined) return undefined;
  const { source, provenance } = method;
  // perf calls the graphics of a client processor `energy-gpu`.
  const isGraphics = domain === 'gpu' && (source === 'rapl' || source === 'perf-power');
  return { source, domain: isGraphics ? 'uncore' : domain, provenance };
}

/** The field of a source and a domain. */
export function energyFieldName(source: SourceName, domain: Domain): string {
  const method = ALL_METHODS.find((each) => each.source === source)?.name ?? source.replaceAll('-', '_');
  return `${method}_energy_${DOMAIN_NAMES[domain]}`;
}
