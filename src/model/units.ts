// Inside Wattloop energy is joules, power watts, time seconds, carbon grams, memory MiB, frequency GHz.
// A sensor or a report converts at its edge with these.
export const JOULES_PER_KILOWATT_HOUR = 3.6e6;
export const BYTES_PER_MIB = 1024 * 1024;
export const MICRO = 1e-6;
export const NANOSECONDS_PER_SECOND = 1e9;
