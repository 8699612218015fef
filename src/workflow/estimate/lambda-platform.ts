/** Memory with which a function has one processor to itself (AWS Lambda, "Configure Lambda function memory"). */
export const MIB_PER_VCPU = 1769;
/** The longest that a function may run (AWS Lambda quotas). */
export const LONGEST_SECONDS = 900;

/** Sizes to compare: those that people choose, and those that have a whole number of processors. */
export const MEMORY_SIZES_MIB: readonly number[] = [
  128, 256, 512, 1024, 1769, 2048, 3072, 3538, 5307, 7076, 8845, 10_240,
];

/** Processors go with memory, in proportion. */
export const vcpusOf = (memoryMib: number): number => memoryMib / MIB_PER_VCPU;
