/** What a worker's process needs beside the JavaScript heap: code, stacks, buffers, the meter's bindings. */
const BESIDE_HEAP_MIB = 64;

/** The least with which a worker can start and still run something. */
export const LEAST_MEMORY_MIB = 96;

/**
 * V8 is told how much there is: it then collects garbage in time, and what still does not fit ends with V8's own message
 * instead of the kernel's kill.
 */
export function heapFlags(memoryMib: number): string[] {
  const heap = Math.max(memoryMib / 2, memoryMib - BESIDE_HEAP_MIB);
  return [`--max-old-space-size=${Math.floor(heap)}`];
}

/** What V8 says when it ends the process because its heap is full. */
export const HEAP_EXHAUSTED =
  /JavaScript heap out of memory|Reached heap limit|Allocation failed - process out of memory/;
