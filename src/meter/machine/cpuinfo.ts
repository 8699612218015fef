/** The fields of each processor that /proc/cpuinfo lists; a part about the whole machine (`Hardware`, `Model`) comes last. */
export function parseCpuinfo(text: string): Map<string, string>[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => {
      const fields = new Map<string, string>();
      for (const [, key, value] of block.matchAll(/^([^:\n]+?)[ \t]*:[ \t]*(.*)$/gm)) {
        if (key !== undefined && value !== undefined) fields.set(key, value.trim());
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);
}

/** The value that most of the given have; the first of them when several are equally common. */
export function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
