import { BYTES_PER_MIB } from '../../../model/index.js';

/**
 * Bytes by suffix, as Kubernetes writes quantities. `m` and `g` are Docker's megabytes and gigabytes: Kubernetes would take
 * `128m` for thousandths of a byte, which nobody means.
 */
const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
  m: 2 ** 20,
  g: 2 ** 30,
};
const QUANTITY = /^(\d+\.?\d*|\.\d+)(?:(e[+-]?\d+)|([a-zA-Z]*))$/;

export const MEMORY_FORM = 'memory such as 128Mi or 1Gi';
export const CPU_FORM = 'processors such as 500m or 2';

/** MiB of a quantity of memory (`128Mi`, `1G`, bytes as a bare number); undefined for what is none. */
export function memoryMib(text: string): number | undefined {
  const [, number = '', exponent = '', suffix = ''] = QUANTITY.exec(text.trim()) ?? [];
  const unit = BYTES[suffix];
  if (number === '' || unit === undefined) return undefined;
  return finite((Number(number + exponent) * unit) / BYTES_PER_MIB);
}

/** Processors of a quantity (`500m`, `0.5`, `2`); undefined for what is none. */
export function cpuCount(text: string): number | undefined {
  const [, number = '', exponent = '', suffix = ''] = QUANTITY.exec(text.trim()) ?? [];
  if (number === '' || (suffix !== '' && suffix !== 'm')) return undefined;
  return finite(Number(number + exponent) / (suffix === 'm' ? 1e3 : 1));
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** As Kubernetes would write it: `128Mi`, or bytes where it is no whole number of MiB. */
export const memoryQuantity = (mib: number): string =>
  Number.isInteger(mib) ? `${mib}Mi` : String(Math.round(mib * BYTES_PER_MIB));

/** Thousandths of a processor, or whole ones. */
export const cpuQuantity = (cpu: number): string =>
  Number.isInteger(cpu) ? String(cpu) : `${Math.round(cpu * 1e3)}m`;
